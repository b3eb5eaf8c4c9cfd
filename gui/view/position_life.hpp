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

/// What became of a position in one slot table, at the step of the occupancy; kMissing where
/// nothing is known.
struct TableLife {
  int layer = 0;
  std::optional<int> head;  ///< where heads have tables of their own
  SlotStatus status = SlotStatus::unseen;
  std::optional<std::int64_t> left_at;  ///< step, once it has left
  double score = 0;                     ///< now, or as it left
  double exact = 0;                     ///< exact mass, likewise
  int rank = 0;       ///< by score among those stored, 1 is the lowest; 0 if it left
  int stored = 0;     ///< of so many
  double regret = 0;  ///< mass it would have received since it left
};

/// A token of the text and its way through the cache.
struct PositionLife {
  int position = 0;
  int token = 0;
  bool prompt = false;
  std::int64_t fed_at = 0;
  std::int64_t seen_at = 0;  ///< the step of the occupancy
  std::vector<TableLife> tables;

  [[nodiscard]] int storing() const;  ///< how many tables do
};

/// Empty where the position had not been fed. `state` (may be null) is that of the occupancy's
/// step: without it scores of what is still stored, and regret, are unknown.
std::optional<PositionLife> position_life(const History& history, const Occupancy& occupancy,
                                          const LiveState* state, int position);

/// What was looked up of a position in one table; null where another position was, or none.
const TableTrace* trace_of(const LiveState& state, int position, int layer, int head);

/// What a position scored in one table, from where it was looked up to the step in which it left.
struct ScoreCurve {
  StepSeries steps;
  StepSeries scores;
};
ScoreCurve score_curve(const PositionTrace& trace, const TableTrace& table,
                       const PositionLife& life);

/// A row for each table.
DataTable life_data(const PositionLife& life);

}  // namespace sketchscope
