#pragma once

#include <vector>

#include "engine/run/live_state.hpp"

namespace sketchscope {

/// The sketch's estimate of a position beside the truth.
struct AccuracyPoint {
  int position = 0;
  double exact = 0;
  double estimate = 0;
  bool stored = false;
};

/// Estimate against exact for all positions of one table.
struct Accuracy {
  std::vector<AccuracyPoint> points;  ///< evicted ones first, so that stored ones lie on top
  double bound = 0;                   ///< ε·N
  double largest = 0;                 ///< over both axes
  double smallest = 0;                ///< above zero, over both axes
  double mean_error = 0;              ///< estimate minus exact
  double largest_error = 0;
  double share_above_bound = 0;
};

/// Empty without a sketch or without exact values (audit off). Positions whose item is no longer
/// known are left out. `bound` is ε·N.
Accuracy sketch_accuracy(const TableState& table, double bound);

}  // namespace sketchscope
