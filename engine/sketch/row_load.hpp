#pragma once

#include <span>
#include <vector>

namespace sketchscope::sketch {

/// Returns the share of cells of each row of a table's `cells` (R, W) that are not 0, (R); empty
/// without cells.
std::vector<double> row_loads(std::span<const float> cells, int rows);

/// Returns the rows that are nearly dead: they fill less than half as many of their `width` cells
/// as the fullest row does with the same items, so that the table is in effect less deep than it
/// was asked to be. Rows are not compared before the fullest has 16 cells filled, when chance
/// decides.
std::vector<int> nearly_dead_rows(std::span<const double> loads, int width);

}  // namespace sketchscope::sketch
