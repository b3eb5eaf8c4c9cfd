#pragma once

#include <filesystem>
#include <functional>

#include "gui/cli/window_options.hpp"

namespace sketchscope {

class App;

/// Opens the window on the display and stays until it is closed. Throws Error without a display.
void show_window(const WindowOptions& options);

/// The same window in memory, without a display, for as long as `use` works with it.
void use_offscreen_window(const WindowOptions& options, const WorkerOptions& worker,
                          const std::function<void(App&)>& use);

struct OffscreenView {
  int frames = 1;
  std::filesystem::path screenshot;
};

/// Draws such a window frame by frame and writes the last one as PNG. The run keeps
/// step with the frames as it would at its default speed on a display of 60 frames a second, so the
/// picture is the same on every machine.
void show_offscreen(const WindowOptions& options, const OffscreenView& view);

}  // namespace sketchscope
