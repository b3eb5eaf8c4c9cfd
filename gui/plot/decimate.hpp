#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "gui/plot/axis.hpp"
#include "gui/plot/geometry.hpp"

namespace sketchscope {

/// One unbroken piece of a line, in pixels.
using LinePiece = std::vector<Point>;

/// The most points one piece may have: the window's lines use four vertices a point, counted in 16
/// bits.
inline constexpr std::size_t kMaximumLinePoints = 16000;

/// Turns samples with rising `x` into pixels. Samples that fall into the same pixel column are
/// replaced by their least and greatest value, in their order of appearance, so no peak is lost;
/// columns lie on a grid fixed to the data, so a line does not flicker while it moves. NaN ends a
/// piece. Only samples within the x axis, and one on either side of it, are looked at.
std::vector<LinePiece> decimate(std::span<const double> x, std::span<const double> y,
                                const Axis& x_axis, const Axis& y_axis);

}  // namespace sketchscope
