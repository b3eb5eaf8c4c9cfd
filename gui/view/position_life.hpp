#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/run/live_state.hpp"
#include "gui/view/data_table.hpp"
#include "gui/view/history.hpp"
#include "gui/view/occupancy.hpp"

namespace sketchscope {

/// The history of a position in one slot table up to the occupancy's step; kMissing for unknown
/// values.
struct TableLife {
  int layer = 0;
  std::optional<int> head;  ///< set if heads have their own tables
  SlotStatus status = SlotStatus::unseen;
  std::optional<std::int64_t> left_at;  ///< step of its eviction
  double score = 0;                     ///< present score, or that at eviction
  double exact = 0;                     ///< present exact mass, or that at eviction
  int rank = 0;                         ///< rank by score, 1 is the lowest; 0 if evicted
  int stored = 0;                       ///< number of stored positions
  double regret = 0;                    ///< mass it would have received since eviction
};

/// A token and its history in all tables.
struct PositionLife {
  int position = 0;
  int token = 0;
  bool prompt = false;
  std::int64_t fed_at = 0;
  std::int64_t seen_at = 0;  ///< the step of the occupancy
  std::vector<TableLife> tables;

  [[nodiscard]] int storing() const;  ///< number of tables that store it
};

/// Returns the history of a position; empty if it was not fed. `state`, which may be null, is that
/// of the occupancy's step; without it, present scores and regret are unknown.
std::optional<PositionLife> position_life(const History& history, const Occupancy& occupancy,
                                          const LiveState* state, int position);

/// Returns the trace of a position in one table; null if this position is not traced.
const TableTrace* trace_of(const LiveState& state, int position, int layer, int head);

/// The scores of a position in one table, up to its eviction.
struct ScoreCurve {
  StepSeries steps;
  StepSeries scores;
};
ScoreCurve score_curve(const PositionTrace& trace, const TableTrace& table,
                       const PositionLife& life);

/// Returns one row per table.
DataTable life_data(const PositionLife& life);

}  // namespace sketchscope
