#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "gui/plot/canvas.hpp"
#include "gui/plot/theme.hpp"

namespace sketchscope::plot {

/// A cell of a grid, by row and column.
struct Cell {
  int row = 0;
  int column = 0;
  friend bool operator==(const Cell&, const Cell&) = default;
};

/// The colour scale of a picture.
struct ColorBar {
  std::string_view key;                ///< identifies the picture between frames
  std::function<Color(double)> color;  ///< from 0 at the bottom to 1
  std::string top;
  std::string bottom;
};
/// Draws a vertical colour bar with labels at its ends.
void draw_color_bar(Canvas& canvas, const Theme& theme, const Rect& area, const ColorBar& bar);

/// Returns the cell under `point` in a grid that fills `area`.
std::optional<Cell> cell_at(const Rect& area, int rows, int columns, Point point);
Rect cell_rect(const Rect& area, int rows, int columns, Cell cell);

/// Draws rows of coloured marks, (rows, columns), with gaps that cell_at() assigns to the nearest
/// row. Each row is one picture.
void draw_raster(Canvas& canvas, const Rect& area, std::string_view key, int rows, int columns,
                 float row_gap, const std::function<Color(Cell)>& color);

}  // namespace sketchscope::plot
