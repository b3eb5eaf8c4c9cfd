#pragma once

#include <memory>

#include "gui/platform/platform.hpp"

namespace sketchscope {

/// A window in memory, without a display: EGL with a framebuffer of our own; one at a time. Pixels
/// are drawn only when a screenshot is taken; time advances by a sixtieth of a second per frame, so
/// that pictures repeat. Throws Error where EGL offers no context.
std::unique_ptr<Platform> open_offscreen(Size size);

}  // namespace sketchscope
