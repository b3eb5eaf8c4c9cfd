#include "gui/plot/canvas.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace sketchscope::plot {

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

}  // namespace sketchscope::plot
