#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace sketchscope {

class WatchedRun;

/// One position in one slot table at the steps of a trace; NaN where it is not known.
struct TableTrace {
  int layer = 0;
  std::optional<int> head;     ///< where heads have tables of their own
  std::vector<double> score;   ///< as the policy saw it, while stored
  std::vector<double> exact;   ///< exact accumulated mass (audit)
  std::vector<double> regret;  ///< mass it would have received since it left (audit)
};

/// What a position scored over a run, looked up where the run keeps keyframes, and now.
struct PositionTrace {
  int position = 0;
  std::vector<double> steps;  ///< after which it was looked up, ascending
  std::vector<TableTrace> tables;
};

/// Costs no step: only states that are kept anyway are read.
PositionTrace trace_position(const WatchedRun& run, int position);

}  // namespace sketchscope
