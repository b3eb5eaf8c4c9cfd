#include <filesystem>
#include <iostream>

#include "cli/commands.hpp"
#include "cli/window/figure_options.hpp"
#include "cli/window/window_options.hpp"
#include "engine/core/error.hpp"
#include "engine/study/study_folder.hpp"

namespace sketchscope {
namespace {

/// `view`: opens the window on a live or saved run, offscreen on request.
class ViewCommand final : public Subcommand {
 public:
  void declare(Flags& flags) override;
  void run() override;

 private:
  /// Returns whether `run_` is a saved run rather than a folder of results.
  [[nodiscard]] bool shows_run() const;
  /// Returns the folder of results to open with the run; empty if none.
  [[nodiscard]] std::filesystem::path study() const;
  void draw_offscreen() const;
  [[nodiscard]] OffscreenResult view(const OffscreenOptions& offscreen) const;

  WindowOptions window_;
  FigureOptions figure_;
  std::filesystem::path run_;
  bool offscreen_ = false;
};

void ViewCommand::declare(Flags& flags) {
  flags.add_optional_argument("RUN", run_,
                              "a run that was saved (.scope), or a folder of results "
                              "to open beside a live one");
  flags.group("Offscreen");
  flags.add_switch("--offscreen", offscreen_, "draw into memory, without a display");
  figure_.declare(flags);
  window_.declare(flags);
}

void ViewCommand::run() {
  if (offscreen_) return draw_offscreen();
  if (figure_.is_wanted()) {
    throw UsageError({.what = "--screenshot", .expected = "--offscreen beside it"});
  }
  if (shows_run()) return view_window(run_, window_.models(), figure_.study());
  const LoadedModel model = window_.open();
  view_window(model, window_.worker(model), window_.models(), study());
}

std::filesystem::path ViewCommand::study() const {
  if (run_.empty() || shows_run()) return figure_.study();
  if (!figure_.study().empty()) {
    throw UsageError({.what = "--study",
                      .found = figure_.study().string() + " beside " + run_.string(),
                      .expected = "one folder of results"});
  }
  return run_;
}

OffscreenResult ViewCommand::view(const OffscreenOptions& offscreen) const {
  if (shows_run()) return view_offscreen(run_, offscreen);
  const LoadedModel model = window_.open();
  OffscreenOptions with_study = offscreen;
  with_study.study = study();
  return view_offscreen(model, window_.worker(model), with_study);
}

bool ViewCommand::shows_run() const {
  return !run_.empty() && !is_study(run_);
}

void ViewCommand::draw_offscreen() const {
  const OffscreenResult result = view(figure_.offscreen());
  std::cerr << result.frames << " frames over " << result.steps << " steps; "
            << result.frame_ms_median << " ms of the processor to build one, p99 "
            << result.frame_ms_p99 << " ms\n";
}

}  // namespace

std::unique_ptr<Subcommand> make_view_command() {
  return std::make_unique<ViewCommand>();
}

}  // namespace sketchscope
