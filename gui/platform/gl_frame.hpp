#pragma once

#include "gui/plot/canvas.hpp"

namespace sketchscope {

/// Draws ImGui's draw data into the bound framebuffer.
void draw_gl_frame(Size size, Color background);
/// Reads the bound framebuffer as an opaque image, rows from the top.
Image read_gl_frame(Size size);

}  // namespace sketchscope
