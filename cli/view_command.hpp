#pragma once

#include <filesystem>

#include "cli/figure_options.hpp"
#include "cli/subcommand.hpp"
#include "cli/window_options.hpp"

namespace sketchscope {

/// `view`: the window on a live run or a saved one, offscreen on request.
class ViewCommand final : public Subcommand {
 public:
  void declare(Flags& flags) override;
  void run() override;

 private:
  /// Whether `run_` is a saved run rather than a folder of results.
  [[nodiscard]] bool shows_run() const;
  /// The folder of results to open beside the run; empty: none.
  [[nodiscard]] std::filesystem::path study() const;
  void draw_offscreen() const;
  [[nodiscard]] OffscreenResult view(const OffscreenOptions& offscreen) const;

  WindowOptions window_;
  FigureOptions figure_;
  std::filesystem::path run_;
  bool offscreen_ = false;
};

}  // namespace sketchscope
