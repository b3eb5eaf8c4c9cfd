#include "gui/plot/raster.hpp"

#include <algorithm>
#include <string>

namespace sketchscope::plot {
namespace {

constexpr int kBarSteps = 64;

}  // namespace

void draw_color_bar(Canvas& canvas, const Theme& theme, const Rect& area, const ColorBar& bar) {
  Image image{1, kBarSteps, {}};
  for (int i = 0; i < kBarSteps; ++i) {
    image.pixels.push_back(bar.color(1 - i / static_cast<double>(kBarSteps - 1)));
  }
  const float width = theme.unit() * 0.7F;
  canvas.image(bar.key, {area.left, area.top, area.left + width, area.bottom}, image);
  TextStyle style{.color = theme.faint, .face = Face::mono, .size = TextSize::small};
  const float x = area.left + width + theme.unit() * 0.5F;
  canvas.text({x, area.top}, bar.top, style);
  style.vertical = VerticalAlign::bottom;
  canvas.text({x, area.bottom}, bar.bottom, style);
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
  Image sheet{columns, rows, {}};
  sheet.pixels.reserve(static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows));
  std::vector<ImagePart> parts;
  for (int row = 0; row < rows; ++row) {
    for (int column = 0; column < columns; ++column) sheet.pixels.push_back(color({row, column}));
    const Rect place = cell_rect(area, rows, 1, {row, 0}).inset(0, row_gap / 2);
    parts.push_back({.row = row, .width = columns, .height = 1, .place = place, .clip = place});
  }
  canvas.image_parts(key, sheet, parts);
}

}  // namespace sketchscope::plot
