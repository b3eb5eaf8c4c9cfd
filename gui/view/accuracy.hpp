#pragma once

#include <vector>

#include "engine/run/live_state.hpp"

namespace sketchscope {

/// A position's estimated and exact accumulated mass.
struct AccuracyPoint {
  int position = 0;
  double exact = 0;
  double estimate = 0;
  bool stored = false;
};

/// Estimated against exact masses for all positions of one table.
struct Accuracy {
  std::vector<AccuracyPoint> points;  ///< evicted ones first, so that stored ones are drawn on top
  double bound = 0;                   ///< ε·N
  double largest = 0;                 ///< largest value of both axes
  double smallest = 0;                ///< least positive value of both axes
  double mean_error = 0;              ///< mean of estimate − exact
  double largest_error = 0;
  double share_above_bound = 0;
};

/// Returns the points of one table; none without a sketch or an audit. Positions whose item is not
/// known any more are skipped. `bound` is ε·N.
Accuracy sketch_accuracy(const TableState& table, double bound);

}  // namespace sketchscope
