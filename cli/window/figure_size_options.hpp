#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "cli/flags.hpp"
#include "cli/print_size_options.hpp"
#include "gui/app/view.hpp"

namespace sketchscope::cli {

/// The flags of a figure's size: in pixels of the screen, or in millimetres and points for print.
class FigureSizeOptions {
 public:
  /// What the figure shows, and the file it goes to.
  struct Subject {
    const std::optional<std::string>& panel;  ///< empty for the whole window
    const std::filesystem::path& file;        ///< empty if no figure is written
  };

  void declare(Flags& flags);

  /// Returns the size in pixels; empty if none was given.
  [[nodiscard]] const std::optional<plot::Size>& pixels() const { return pixels_; }
  /// Returns the figure's size in print; empty unless it is a figure for print. Throws UsageError
  /// if the whole window should be one.
  [[nodiscard]] std::optional<app::PrintSize> print(const Subject& subject) const;

 private:
  std::optional<plot::Size> pixels_;
  PrintSizeOptions print_;
  std::optional<float> dpi_;
};

}  // namespace sketchscope::cli
