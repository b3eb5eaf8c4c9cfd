#pragma once

#include <functional>
#include <span>
#include <utility>

#include "gui/plot/canvas.hpp"

namespace sketchscope {

/// Splits a line into dashes, which continue around corners, and calls `draw` for each; a solid
/// line is one piece. The pattern scales with the stroke's width.
void for_each_dash(std::span<const Point> points, Stroke stroke,
                   const std::function<void(std::span<const Point>)>& draw);

/// Returns the lengths of dash and gap, in pixels.
std::pair<float, float> dash_lengths(Stroke stroke);

}  // namespace sketchscope
