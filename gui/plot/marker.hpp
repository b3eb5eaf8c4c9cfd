#pragma once

#include <cstddef>
#include <cstdint>

#include "gui/plot/canvas.hpp"

namespace sketchscope::plot {

/// The form of a mark at a point. Hollow ones have the background inside.
enum class Marker : std::uint8_t {
  circle,
  square,
  triangle,
  diamond,
  triangle_down,
  plus,
  cross,
  hollow_circle,
  hollow_square,
  hollow_triangle,
  hollow_diamond,
  hollow_triangle_down
};
inline constexpr std::size_t kMarkers = 12;

/// Draws a mark of about the area of a circle of this radius.
void draw_marker(Canvas& canvas, Marker marker, Point at, float radius, Color color,
                 Color background);

}  // namespace sketchscope::plot
