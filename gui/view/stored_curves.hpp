#pragma once

#include <string>
#include <vector>

#include "gui/view/data_table.hpp"
#include "gui/view/history.hpp"

namespace sketchscope {

/// Layers that stored equally many positions, under the same cap, at every step: one line.
struct StoredCurve {
  std::vector<int> layers;  ///< ascending
  std::string name;         ///< "all layers", "L3", "L0 to L2, L5"
};

/// Every layer once, so that equal lines do not hide each other.
std::vector<StoredCurve> stored_curves(const History& history);

/// The fewest and the most positions that a layer stored after a step; zeros without layers.
struct StoredRange {
  int least = 0;
  int most = 0;
};
StoredRange stored_range(const StepRecord& record);

/// Positions stored and slots that may be filled, of every layer, a row for each step.
DataTable stored_data(const History& history);

}  // namespace sketchscope
