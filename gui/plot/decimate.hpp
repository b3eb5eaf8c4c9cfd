#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "gui/plot/axis.hpp"
#include "gui/plot/geometry.hpp"

namespace sketchscope {

/// One unbroken piece of a line, in pixels.
using LinePiece = std::vector<Point>;

/// The largest number of points of a piece: ImGui uses four vertices per point and 16-bit indices.
inline constexpr std::size_t kMaximumLinePoints = 16000;

/// Converts samples with ascending `x` to pixels. Samples that fall into the same pixel column are
/// replaced by their minimum and maximum in their original order, so that no peak is lost. Columns
/// are aligned with the data, so that a moving line does not flicker. NaN ends a piece. Only
/// samples within the x axis, and one on either side, are used.
std::vector<LinePiece> decimate(std::span<const double> x, std::span<const double> y,
                                const Axis& x_axis, const Axis& y_axis);

}  // namespace sketchscope
