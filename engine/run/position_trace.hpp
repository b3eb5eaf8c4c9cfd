#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace sketchscope {

class WatchedRun;

/// The scores of one position in one slot table at the steps of a trace; NaN if unknown.
struct TableTrace {
  int layer = 0;
  std::optional<int> head;     ///< empty if all heads share the table
  std::vector<double> score;   ///< importance to the policy while the position was stored
  std::vector<double> exact;   ///< exact accumulated mass (audit)
  std::vector<double> regret;  ///< mass it would have received since it left (audit)
};

/// The scores of a position over a run, at the steps that have keyframes and at the latest.
struct PositionTrace {
  int position = 0;
  std::vector<double> steps;  ///< steps after which it was read, ascending
  std::vector<TableTrace> tables;
};

/// Traces a position. No step is replayed, since only states that the run keeps are read.
PositionTrace trace_position(const WatchedRun& run, int position);

}  // namespace sketchscope
