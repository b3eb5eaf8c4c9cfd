#pragma once

#include "gui/plot/canvas.hpp"

namespace sketchscope {

/// Draws what ImGui::Render left into the framebuffer that is bound.
void draw_gl_frame(Size size, Color background);
/// The bound framebuffer, rows from the top, opaque.
Image read_gl_frame(Size size);

}  // namespace sketchscope
