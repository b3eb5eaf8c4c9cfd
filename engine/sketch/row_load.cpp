#include "engine/sketch/row_load.hpp"

#include <algorithm>
#include <cstddef>

namespace sketchscope::sketch {

std::vector<double> row_loads(std::span<const float> cells, int rows) {
  std::vector<double> loads;
  if (rows < 1) return loads;
  const std::size_t width = cells.size() / static_cast<std::size_t>(rows);
  for (int row = 0; row < rows && width > 0; ++row) {
    const auto of_row = cells.subspan(static_cast<std::size_t>(row) * width, width);
    const auto empty = std::ranges::count(of_row, 0.0F);
    loads.push_back(1 - static_cast<double>(empty) / static_cast<double>(width));
  }
  return loads;
}

std::vector<int> nearly_dead_rows(std::span<const double> loads, int width) {
  constexpr double kFewestCells = 16;
  std::vector<int> rows;
  if (loads.empty()) return rows;
  const double fullest = std::ranges::max(loads);
  if (fullest * width < kFewestCells) return rows;
  for (std::size_t row = 0; row < loads.size(); ++row) {
    if (loads[row] < fullest / 2) rows.push_back(static_cast<int>(row));
  }
  return rows;
}

}  // namespace sketchscope::sketch
