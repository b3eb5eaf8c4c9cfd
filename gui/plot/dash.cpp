#include "gui/plot/dash.hpp"

#include <algorithm>
#include <cmath>

namespace sketchscope {

std::pair<float, float> dash_lengths(Stroke stroke) {
  const float width = std::max(stroke.width, 1.0F);
  return stroke.dash == Dash::dotted ? std::pair{1.5F * width, 2.5F * width}
                                     : std::pair{4 * width, 3 * width};
}

std::vector<std::vector<Point>> dash_pieces(std::span<const Point> points, Stroke stroke) {
  if (stroke.dash == Dash::solid || points.size() < 2) return {{points.begin(), points.end()}};
  const auto [dash, gap] = dash_lengths(stroke);
  std::vector<std::vector<Point>> pieces;
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
        pieces.push_back(std::move(piece));
        piece = {};
      } else {
        piece = {from};
      }
      drawing = !drawing;
      left = drawing ? dash : gap;
    }
    left -= length;
    if (drawing) piece.push_back(to);
  }
  if (drawing && piece.size() > 1) pieces.push_back(std::move(piece));
  return pieces;
}

}  // namespace sketchscope
