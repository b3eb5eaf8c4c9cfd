#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/session/live_state.hpp"
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

/// Steps from `since` on at which the lane's likeliest next token was not the twin's.
struct TopTokenChanges {
  StepSeries steps;
  std::int64_t compared = 0;  ///< steps from there on that have a twin
};
TopTokenChanges top_token_changes(const History& history, std::int64_t since);

/// Scores at which positions left one table, step by step: how the threshold moved. Where no step
/// evicted, there is a gap.
struct VictimTrace {
  StepSeries steps;
  StepSeries scores;
  StepSeries exact;  ///< kMissing with the audit off
};
VictimTrace victim_trace(const History& history, int layer, int head = 0);

}  // namespace sketchscope
