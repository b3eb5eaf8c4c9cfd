#include "gui/plot/canvas.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace sketchscope::plot {

namespace {

constexpr float kFarthest = 1e6F;      // pixels; no picture is that large
constexpr float kLeastRadius = 1e-2F;  // of a circle; libraries divide by what is less

}  // namespace

bool is_drawable(float pixels) {
  return std::abs(pixels) <= kFarthest;
}

bool is_drawable(Point point) {
  return is_drawable(point.x) && is_drawable(point.y);
}

bool is_drawable(const Rect& rect) {
  return is_drawable(rect.left) && is_drawable(rect.top) && is_drawable(rect.right) &&
         is_drawable(rect.bottom);
}

bool are_drawable(std::span<const Point> points) {
  return std::ranges::all_of(points, [](Point point) { return is_drawable(point); });
}

float drawable_radius(float radius) {
  return is_drawable(radius) && radius >= kLeastRadius ? radius : 0;
}

Image cut_out(const Image& sheet, const ImagePart& part) {
  Image image{part.width, part.height, {}};
  image.pixels.reserve(static_cast<std::size_t>(part.width) *
                       static_cast<std::size_t>(part.height));
  for (int row = part.row; row < part.row + part.height; ++row) {
    const auto begin =
        sheet.pixels.begin() + static_cast<std::ptrdiff_t>(row) * sheet.width + part.column;
    image.pixels.insert(image.pixels.end(), begin, begin + part.width);
  }
  return image;
}

void Canvas::image_parts(std::string_view key, const Image& sheet,
                         std::span<const ImagePart> parts) {
  for (const ImagePart& part : parts) {
    const Clip clip(*this, part.clip);
    image(key, part.place, cut_out(sheet, part));
  }
}

void for_each_drawable(std::span<const Point> points,
                       const std::function<void(std::span<const Point>)>& draw) {
  const auto drawable = [](Point point) { return is_drawable(point); };
  for (auto first = points.begin();;) {
    first = std::find_if(first, points.end(), drawable);
    if (first == points.end()) return;
    const auto last = std::find_if_not(first, points.end(), drawable);
    draw({first, last});
    first = last;
  }
}

void for_each_drawable_strip(
    std::span<const Point> line, std::span<const Point> other,
    const std::function<void(std::span<const Point>, std::span<const Point>)>& draw) {
  const std::size_t count = std::min(line.size(), other.size());
  std::size_t first = 0;
  for (std::size_t at = 0; at <= count; ++at) {
    if (at < count && is_drawable(line[at]) && is_drawable(other[at])) continue;
    if (at - first > 1) draw(line.subspan(first, at - first), other.subspan(first, at - first));
    first = at + 1;
  }
}

std::pair<float, float> dash_lengths(Stroke stroke) {
  const float width = std::max(stroke.width, 1.0F);
  return stroke.dash == Dash::dotted ? std::pair{1.5F * width, 2.5F * width}
                                     : std::pair{4 * width, 3 * width};
}

void for_each_dash(std::span<const Point> points, Stroke stroke,
                   const std::function<void(std::span<const Point>)>& draw) {
  if (stroke.dash == Dash::solid || points.size() < 2) return draw(points);
  const auto [dash, gap] = dash_lengths(stroke);
  bool drawing = true;
  float left = dash;
  std::vector<Point> piece = {points.front()};
  for (std::size_t i = 1; i < points.size(); ++i) {
    Point from = points[i - 1];
    const Point to = points[i];
    float length = std::hypot(to.x - from.x, to.y - from.y);
    while (length > left) {
      const float share = left / length;
      from = {from.x + (to.x - from.x) * share, from.y + (to.y - from.y) * share};
      length -= left;
      if (drawing) {
        piece.push_back(from);
        draw(piece);
        piece.clear();
      } else {
        piece.assign({from});
      }
      drawing = !drawing;
      left = drawing ? dash : gap;
    }
    left -= length;
    if (drawing) piece.push_back(to);
  }
  if (drawing && piece.size() > 1) draw(piece);
}

void Canvas::fill_under(std::span<const Point> line, float base, Color color) {
  std::vector<Point> level(line.begin(), line.end());
  for (Point& point : level) point.y = base;
  fill_between(line, level, color);
}

}  // namespace sketchscope::plot
