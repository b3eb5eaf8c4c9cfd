#pragma once

#include <span>
#include <utility>
#include <vector>

#include "gui/plot/canvas.hpp"

namespace sketchscope {

/// Cuts a line into the strokes of its dash pattern, running on around its corners. The pattern
/// scales with the stroke's width.
std::vector<std::vector<Point>> dash_pieces(std::span<const Point> points, Stroke stroke);

/// Lengths of dash and gap, in pixels.
std::pair<float, float> dash_lengths(Stroke stroke);

}  // namespace sketchscope
