#include "gui/plot/heat_map.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "gui/plot/color_map.hpp"

namespace sketchscope {
namespace {

constexpr int kBarSteps = 64;

/// Where a value lies between the two ends, 0 to 1 for what is inside.
double share_of(const HeatMap& map, double value) {
  double low = map.minimum;
  double high = map.maximum;
  if (map.scale == Scale::log10) {
    low = std::log1p(std::max(low, 0.0));
    high = std::log1p(std::max(high, 0.0));
    value = std::log1p(std::max(value, 0.0));
  }
  return high > low ? (value - low) / (high - low) : 0;
}

}  // namespace

Image heat_map_image(const HeatMap& map) {
  const auto color = map.color != nullptr ? map.color : viridis;
  Image image{map.columns, map.rows, {}};
  image.pixels.reserve(map.values.size());
  for (const float value : map.values) {
    const bool drawn = !std::isnan(value);
    image.pixels.push_back(drawn ? color(share_of(map, value)) : Color{0, 0, 0, 0});
  }
  image.pixels.resize(static_cast<std::size_t>(map.rows) * static_cast<std::size_t>(map.columns));
  return image;
}

void draw_heat_map(Canvas& canvas, const Rect& area, const HeatMap& map) {
  if (map.rows <= 0 || map.columns <= 0) return;
  canvas.image(map.key, area, heat_map_image(map));
}

void draw_color_bar(Canvas& canvas, const Theme& theme, const Rect& area, const HeatMap& map,
                    ValueFormat format) {
  const auto color = map.color != nullptr ? map.color : viridis;
  Image image{1, kBarSteps, {}};
  for (int i = 0; i < kBarSteps; ++i) {
    image.pixels.push_back(color(1 - i / static_cast<double>(kBarSteps - 1)));
  }
  const float bar = theme.unit() * 0.7F;
  canvas.image(std::string(map.key) + "/bar", {area.left, area.top, area.left + bar, area.bottom},
               image);
  TextStyle style{.color = theme.faint, .face = Face::mono, .size = TextSize::small};
  const float x = area.left + bar + theme.unit() * 0.5F;
  canvas.text({x, area.top}, format(map.maximum), style);
  style.vertical = VerticalAlign::bottom;
  canvas.text({x, area.bottom}, format(map.minimum), style);
}

std::optional<Cell> cell_at(const Rect& area, int rows, int columns, Point point) {
  if (rows <= 0 || columns <= 0 || !area.contains(point)) return std::nullopt;
  const auto place = [](float offset, float size, int count) {
    return std::clamp(static_cast<int>(offset / size * static_cast<float>(count)), 0, count - 1);
  };
  return Cell{place(point.y - area.top, area.height(), rows),
              place(point.x - area.left, area.width(), columns)};
}

Rect cell_rect(const Rect& area, int rows, int columns, Cell cell) {
  const float height = area.height() / static_cast<float>(rows);
  const float width = area.width() / static_cast<float>(columns);
  const float left = area.left + width * static_cast<float>(cell.column);
  const float top = area.top + height * static_cast<float>(cell.row);
  return {left, top, left + width, top + height};
}

void draw_raster(Canvas& canvas, const Rect& area, std::string_view key, int rows, int columns,
                 float row_gap, const std::function<Color(Cell)>& color) {
  for (int row = 0; row < rows; ++row) {
    Image image{columns, 1, {}};
    image.pixels.reserve(static_cast<std::size_t>(columns));
    for (int column = 0; column < columns; ++column) image.pixels.push_back(color({row, column}));
    const Rect whole = cell_rect(area, rows, 1, {row, 0});
    canvas.image(std::string(key) + "/" + std::to_string(row), whole.inset(0, row_gap / 2), image);
  }
}

}  // namespace sketchscope
