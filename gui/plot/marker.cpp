#include "gui/plot/marker.hpp"

#include <array>
#include <span>
#include <vector>

namespace sketchscope::plot {
namespace {

constexpr std::uint8_t kFirstHollow = static_cast<std::uint8_t>(Marker::hollow_circle);

// Clockwise points in radii, for marks that are as large to the eye as a circle of that radius.
constexpr std::array<Point, 4> kSquare = {
    Point{-0.9F, -0.9F}, {0.9F, -0.9F}, {0.9F, 0.9F}, {-0.9F, 0.9F}};
constexpr std::array<Point, 3> kTriangle = {Point{0, -1.3F}, {1.25F, 0.95F}, {-1.25F, 0.95F}};
constexpr std::array<Point, 4> kDiamond = {Point{0, -1.35F}, {1.35F, 0}, {0, 1.35F}, {-1.35F, 0}};
constexpr std::array<Point, 3> kTriangleDown = {Point{-1.25F, -0.95F}, {1.25F, -0.95F}, {0, 1.3F}};

/// Returns the corners of a mark; empty for one without.
std::span<const Point> corners_of(Marker marker) {
  switch (marker) {
    case Marker::square:
    case Marker::hollow_square:
      return kSquare;
    case Marker::triangle:
    case Marker::hollow_triangle:
      return kTriangle;
    case Marker::diamond:
    case Marker::hollow_diamond:
      return kDiamond;
    case Marker::triangle_down:
    case Marker::hollow_triangle_down:
      return kTriangleDown;
    default:
      return {};
  }
}

/// Draws a plus, or turned by an eighth a cross.
void draw_strokes(Canvas& canvas, Point at, float radius, Color color, bool turned) {
  const Stroke stroke{color, radius * 0.55F};
  const float reach = radius * (turned ? 0.95F : 1.3F);
  const float across = turned ? reach : 0;
  canvas.line({at.x - reach, at.y - across}, {at.x + reach, at.y + across}, stroke);
  canvas.line({at.x - across, at.y + reach}, {at.x + across, at.y - reach}, stroke);
}

void fill(Canvas& canvas, Marker marker, Point at, float radius, Color color) {
  const std::span<const Point> corners = corners_of(marker);
  if (corners.empty()) return canvas.fill_circle(at, radius, color);
  std::vector<Point> points;
  for (const Point corner : corners) {
    points.push_back({at.x + corner.x * radius, at.y + corner.y * radius});
  }
  canvas.fill_polygon(points, color);
}

}  // namespace

void draw_marker(Canvas& canvas, Marker marker, Point at, float radius, Color color,
                 Color background) {
  if (marker == Marker::plus || marker == Marker::cross) {
    return draw_strokes(canvas, at, radius, color, marker == Marker::cross);
  }
  fill(canvas, marker, at, radius, color);
  constexpr float kHole = 0.5F;
  if (static_cast<std::uint8_t>(marker) < kFirstHollow) return;
  fill(canvas, marker, at, radius * kHole, background);
}

}  // namespace sketchscope::plot
