#include "gui/cli/view_command.hpp"

#include "engine/core/error.hpp"

namespace sketchscope {

void ViewCommand::declare(Flags& flags) {
  constexpr int kFramesMaximum = 1'000'000;
  flags.group("Offscreen");
  flags.add_switch("--offscreen", offscreen_, "draw into memory, without a display");
  flags.add("--frames", view_.frames, {1, kFramesMaximum},
            "frames to draw, 60 to a second (default: 60)");
  flags.add("--screenshot", view_.screenshot, "write the last frame to this PNG file");
  window_.declare(flags);
}

void ViewCommand::run() {
  if (offscreen_) return show_offscreen(window_, view_);
  if (!view_.screenshot.empty()) {
    throw UsageError({.what = "--screenshot",
                      .expected = "--offscreen beside it",
                      .remedy = "In the window, the menu and its shortcut save pictures"});
  }
  show_window(window_);
}

}  // namespace sketchscope
