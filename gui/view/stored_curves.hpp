#pragma once

#include <string>
#include <vector>

#include "gui/view/data_table.hpp"
#include "gui/view/history.hpp"

namespace sketchscope {

/// Layers whose stored positions and caps are equal at every step, which share a line.
struct StoredCurve {
  std::vector<int> layers;  ///< ascending
  std::string name;         ///< "all layers", "L3", "L0 to L2, L5"
};

/// Groups the layers into lines, so that equal lines do not hide each other.
std::vector<StoredCurve> stored_curves(const History& history);

/// The least and the largest number of positions that a layer stored after a step; 0 without
/// layers.
struct StoredRange {
  int least = 0;
  int most = 0;
};
StoredRange stored_range(const StepRecord& record);

/// Returns stored positions and capacity of every layer, one row per step.
DataTable stored_data(const History& history);

}  // namespace sketchscope
