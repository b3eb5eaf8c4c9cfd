#include "gui/cli/view_command.hpp"

#include <iostream>

#include "engine/core/error.hpp"

namespace sketchscope {

void ViewCommand::declare(Flags& flags) {
  flags.add_optional_argument("RUN", run_, "a run that was saved (.scope); without it, a live one");
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
  if (!run_.empty()) return view_window(run_);
  const LoadedModel model = window_.open();
  view_window(model, window_.worker(model));
}

OffscreenResult ViewCommand::view(const OffscreenOptions& offscreen) const {
  if (!run_.empty()) return view_offscreen(run_, offscreen);
  const LoadedModel model = window_.open();
  return view_offscreen(model, window_.worker(model), offscreen);
}

void ViewCommand::draw_offscreen() const {
  const OffscreenResult result = view(figure_.offscreen());
  std::cerr << result.frames << " frames over " << result.steps << " steps; "
            << result.frame_ms_median << " ms of the processor to build one, p99 "
            << result.frame_ms_p99 << " ms\n";
}

}  // namespace sketchscope
