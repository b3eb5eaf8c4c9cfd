#include "gui/cli/view_command.hpp"

#include <iostream>

#include "engine/core/error.hpp"
#include "gui/app/view.hpp"

namespace sketchscope {

void ViewCommand::declare(Flags& flags) {
  constexpr int kFramesMaximum = 1'000'000;
  constexpr Flags::Range kPixels{.minimum = 320, .maximum = 16384};
  flags.group("Offscreen");
  flags.add_switch("--offscreen", offscreen_, "draw into memory, without a display");
  flags.add("--frames", frames_, {1, kFramesMaximum}, "frames to draw, one a step (default: 60)");
  flags.add("--screenshot", screenshot_, "write the last frame to this PNG file");
  flags.add("--width", width_, kPixels, "pixels (default: 1600)");
  flags.add("--height", height_, kPixels, "pixels (default: 1000)");
  window_.declare(flags);
}

void ViewCommand::run() {
  if (offscreen_) return draw_offscreen();
  if (!screenshot_.empty()) {
    throw UsageError({.what = "--screenshot", .expected = "--offscreen beside it"});
  }
  const LoadedModel model = window_.open();
  view_window(model, window_.worker(model));
}

void ViewCommand::draw_offscreen() const {
  const Size size{static_cast<float>(width_), static_cast<float>(height_)};
  OffscreenOptions offscreen{.frames = frames_, .size = size};
  if (!screenshot_.empty()) offscreen.screenshot = screenshot_;
  const LoadedModel model = window_.open();
  const auto result = view_offscreen(model, window_.worker(model), offscreen);
  std::cerr << result.frames << " frames over " << result.steps << " steps; "
            << result.frame_ms_median << " ms of the processor to build one, p99 "
            << result.frame_ms_p99 << " ms\n";
}

}  // namespace sketchscope
