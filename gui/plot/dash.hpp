#pragma once

#include <functional>
#include <span>
#include <utility>

#include "gui/plot/canvas.hpp"

namespace sketchscope {

/// Cuts a line into the strokes of its dash pattern, running on around its corners, and draws each;
/// a solid one whole. The pattern scales with the stroke's width.
void for_each_dash(std::span<const Point> points, Stroke stroke,
                   const std::function<void(std::span<const Point>)>& draw);

/// Lengths of dash and gap, in pixels.
std::pair<float, float> dash_lengths(Stroke stroke);

}  // namespace sketchscope
