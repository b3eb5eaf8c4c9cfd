#pragma once

#include <memory>

#include "gui/platform/platform.hpp"

namespace sketchscope {

/// Opens a window in memory, on EGL with its own framebuffer; only one may exist. Pixels are drawn
/// only for a screenshot, and time advances by a sixtieth of a second per frame, so that pictures
/// are reproducible. Throws Error if EGL offers no context.
std::unique_ptr<Platform> open_offscreen(Size size);

}  // namespace sketchscope
