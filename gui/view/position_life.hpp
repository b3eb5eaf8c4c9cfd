#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/run/live_state.hpp"
#include "gui/view/data_table.hpp"
#include "gui/view/history.hpp"
#include "gui/view/occupancy.hpp"
#include "gui/view/sketch_map.hpp"

namespace sketchscope::view {

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
                                          const run::LiveState* state, int position);

/// Returns the trace of a position in one table; null if this position is not traced.
const run::TableTrace* trace_of(const run::LiveState& state, int position, int layer, int head);

/// The scores of a position in one table, up to its eviction.
struct ScoreCurve {
  StepSeries steps;
  StepSeries scores;
};
ScoreCurve score_curve(const run::PositionTrace& trace, const run::TableTrace& table,
                       const PositionLife& life);

/// Returns one row per table.
DataTable life_data(const PositionLife& life);

/// The positions that share the sketch cell from which an item's estimate is read.
struct Sharing {
  int row = 0;
  std::vector<int> positions;  ///< the others in the cell, heaviest first
};

/// Returns the cell of the row in which the other positions weigh least, from which the estimate is
/// read. Weights are exact masses if there is an audit, else counts. Empty if the position's item
/// is not known any more.
std::optional<Sharing> limiting_cell(const SketchCells& cells, const SeenItems& seen, int position,
                                     std::span<const float> exact_mass);

/// Explains why a position was not protected, such as "no: 58 ≥ sinks 4, not of the last 32", or
/// that all positions were.
std::string protection_text(const record::EvictionRecord& eviction, const settings::Knobs& knobs);

/// The steps from `since` to `until` at which lane and twin had different most likely tokens.
struct TopTokenChanges {
  StepSeries steps;
  std::int64_t compared = 0;  ///< number of these steps with a twin
};
TopTokenChanges top_token_changes(const History& history, std::int64_t since, std::int64_t until);

/// The scores of the victims of one table by step, with gaps at steps without an eviction.
class VictimTrace {
 public:
  /// Adds new evictions; starts over if the table or the run's past has changed.
  void update(const History& history, int layer, int head = 0);

  [[nodiscard]] const StepSeries& steps() const { return steps_; }
  [[nodiscard]] const StepSeries& scores() const { return scores_; }
  /// Returns the victims' exact masses; kMissing without an audit.
  [[nodiscard]] const StepSeries& exact() const { return exact_; }

 private:
  void append(double step, double score, double exact);

  std::uint64_t generation_ = 0;
  int layer_ = -1;
  int head_ = -1;
  std::size_t places_ = 0;  ///< number of processed evictions of the history
  StepSeries steps_, scores_, exact_;
};

}  // namespace sketchscope::view
