#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/run/live_state.hpp"
#include "gui/view/history.hpp"
#include "gui/view/sketch_map.hpp"

namespace sketchscope {

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
std::string protection_text(const EvictionRecord& eviction, const Knobs& knobs);

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

}  // namespace sketchscope
