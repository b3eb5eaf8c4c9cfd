#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string_view>

#include "gui/plot/axis.hpp"
#include "gui/plot/canvas.hpp"
#include "gui/plot/theme.hpp"

namespace sketchscope {

/// Values (rows, columns), row by row, shown by colour.
struct HeatMap {
  std::string_view key;  ///< names the picture from frame to frame
  std::span<const float> values;
  int rows = 0;
  int columns = 0;
  double minimum = 0;
  double maximum = 1;
  Scale scale = Scale::linear;  ///< log10: log(1 + v) between the ends, so zero has a place
  Color (*color)(double) = nullptr;
};

/// A cell of a grid of rows and columns.
struct Cell {
  int row = 0;
  int column = 0;
  friend bool operator==(const Cell&, const Cell&) = default;
};

/// The picture of a heat map, one pixel a cell; NaN is transparent.
Image heat_map_image(const HeatMap& map);
void draw_heat_map(Canvas& canvas, const Rect& area, const HeatMap& map);
/// A vertical bar of the map's colours with its two ends written beside it.
void draw_color_bar(Canvas& canvas, const Theme& theme, const Rect& area, const HeatMap& map,
                    ValueFormat format);

/// The cell under `point` in a grid stretched over `area`.
std::optional<Cell> cell_at(const Rect& area, int rows, int columns, Point point);
Rect cell_rect(const Rect& area, int rows, int columns, Cell cell);

/// Rows of thin coloured marks, (rows, columns), with a gap between the rows that cell_at counts to
/// the nearest row. One picture a row.
void draw_raster(Canvas& canvas, const Rect& area, std::string_view key, int rows, int columns,
                 float row_gap, const std::function<Color(Cell)>& color);

}  // namespace sketchscope
