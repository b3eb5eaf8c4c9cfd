#pragma once

#include <optional>
#include <string>

#include "cli/flags.hpp"
#include "gui/plot/print_size.hpp"

namespace sketchscope::cli {

/// Parses a size such as "900x500". Throws UsageError that names `flag` on a side outside `range`.
plot::Size size_from(const char* flag, const std::string& text, Flags::Range range);

/// The flags of the size of a figure for print: in millimetres, with letters in points.
class PrintSizeOptions {
 public:
  /// `what` is printed, such as "a panel for print".
  void declare(Flags& flags, const std::string& what);

  /// Returns the flag that was given, millimetres first; null if none was.
  [[nodiscard]] const char* given() const;
  [[nodiscard]] plot::PrintSize size() const;

 private:
  std::optional<plot::Size> millimetres_;
  std::optional<float> points_;
};

}  // namespace sketchscope::cli
