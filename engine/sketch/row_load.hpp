#pragma once

#include <span>
#include <vector>

namespace sketchscope::sketch {

/// Returns for each of the R = `rows` rows of a sketch's `cells` (R, W) the share of its cells that
/// are not 0, (R); empty without cells.
std::vector<double> row_loads(std::span<const float> cells, int rows);

/// Returns the rows that are nearly dead: they fill less than half as many of their `width` cells
/// as the fullest row does with the same items, so that the table is in effect less deep than it
/// was asked to be. `loads` (R) are those of row_loads(). No row is named before the fullest has 16
/// cells filled, since until then a row may be that empty by chance.
std::vector<int> nearly_dead_rows(std::span<const double> loads, int width);

}  // namespace sketchscope::sketch
