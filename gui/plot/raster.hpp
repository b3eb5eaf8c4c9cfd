#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "gui/plot/canvas.hpp"
#include "gui/plot/theme.hpp"

namespace sketchscope {

/// A cell of a grid of rows and columns.
struct Cell {
  int row = 0;
  int column = 0;
  friend bool operator==(const Cell&, const Cell&) = default;
};

/// What the colours of a picture stand for.
struct ColorBar {
  std::string_view key;                ///< names the picture from frame to frame
  std::function<Color(double)> color;  ///< from 0 at the foot to 1
  std::string top;
  std::string bottom;
};
/// A vertical bar of the colours with its two ends written beside it.
void draw_color_bar(Canvas& canvas, const Theme& theme, const Rect& area, const ColorBar& bar);

/// The cell under `point` in a grid stretched over `area`.
std::optional<Cell> cell_at(const Rect& area, int rows, int columns, Point point);
Rect cell_rect(const Rect& area, int rows, int columns, Cell cell);

/// Rows of thin coloured marks, (rows, columns), with a gap between the rows that cell_at counts to
/// the nearest row. One picture a row.
void draw_raster(Canvas& canvas, const Rect& area, std::string_view key, int rows, int columns,
                 float row_gap, const std::function<Color(Cell)>& color);

}  // namespace sketchscope
