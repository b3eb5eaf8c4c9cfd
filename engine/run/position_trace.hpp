#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace sketchscope {

class WatchedRun;

/// One position in one slot table at the steps of a trace; NaN where a number is not known.
struct TableTrace {
  int layer = 0;
  std::optional<int> head;     ///< empty where all heads of the layer share the table
  std::vector<double> score;   ///< importance to the policy while the position was stored
  std::vector<double> exact;   ///< exact accumulated mass (audit)
  std::vector<double> regret;  ///< mass it would have received since it left (audit)
};

/// What a position scored over a run: at the steps of which the run keeps keyframes, and now.
struct PositionTrace {
  int position = 0;
  std::vector<double> steps;  ///< after which it was looked up, ascending
  std::vector<TableTrace> tables;
};

/// Traces a position without making a step, since it reads only states that the run keeps anyway.
PositionTrace trace_position(const WatchedRun& run, int position);

}  // namespace sketchscope
