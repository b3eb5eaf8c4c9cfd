#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/run/live_state.hpp"
#include "gui/view/history.hpp"
#include "gui/view/sketch_map.hpp"

namespace sketchscope {

/// Positions that share the sketch cell which limits an item's estimate.
struct Sharing {
  int row = 0;
  std::vector<int> positions;  ///< without the item itself, the heaviest first
};

/// Of the rows, the one whose other positions weigh least: its cell is what the estimate was read
/// from. By exact mass where the audit has it, else by their number. Empty where the position's
/// item is no longer known.
std::optional<Sharing> limiting_cell(const SketchCells& cells, const SeenItems& seen, int position,
                                     std::span<const float> exact_mass);

/// "no: 58 ≥ sinks 4, not of the last 32"; says so where everything was protected.
std::string protection_text(const EvictionRecord& eviction, const Knobs& knobs);

/// Steps from `since` to `until` at which the lane's likeliest next token was not the twin's.
struct TopTokenChanges {
  StepSeries steps;
  std::int64_t compared = 0;  ///< of these steps, those that have a twin
};
TopTokenChanges top_token_changes(const History& history, std::int64_t since, std::int64_t until);

/// Scores at which positions left one table, step by step: how the threshold moved. Where no step
/// evicted, there is a gap.
class VictimTrace {
 public:
  /// Takes in what is new; starts over for another table or another past.
  void update(const History& history, int layer, int head = 0);

  [[nodiscard]] const StepSeries& steps() const { return steps_; }
  [[nodiscard]] const StepSeries& scores() const { return scores_; }
  /// kMissing with the audit off.
  [[nodiscard]] const StepSeries& exact() const { return exact_; }

 private:
  void append(double step, double score, double exact);

  std::uint64_t generation_ = 0;
  int layer_ = -1;
  int head_ = -1;
  std::size_t places_ = 0;  ///< of the history that were taken in
  StepSeries steps_, scores_, exact_;
};

}  // namespace sketchscope
