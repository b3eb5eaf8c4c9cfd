#pragma once

#include <optional>
#include <span>
#include <vector>

#include "engine/run/live_state.hpp"
#include "gui/view/data_table.hpp"
#include "gui/view/position_axis.hpp"

namespace sketchscope::view {

/// One layer's attention of the last token's query by head, reduced to `columns` columns. A column
/// that covers several positions shows the largest value.
struct AttentionMap {
  int heads = 0;            // H
  int columns = 0;          ///< columns of the positions that are shown
  int positions = 0;        // P
  int filled = 0;           ///< columns that have a position
  std::vector<float> lane;  ///< (H, columns), NaN if no position under it is stored
  std::vector<float> twin;  ///< (H, columns); empty without a twin
  /// lane − twin, (H, columns), where positions that are not stored count as 0; empty without a
  /// twin.
  std::vector<float> difference;
};

/// Returns the map of a layer with `heads` heads; without columns if the state has no attention.
AttentionMap attention_map(const run::LayerState& state, int heads, PositionRange shown,
                           int columns);

/// Returns the total variation distance ½ Σ |lane − twin|, mean over heads; kMissing without a
/// twin.
double attention_distance(const run::LayerState& state, int heads);

/// Returns the place of a mass on a logarithmic scale from 0.0001 to 1, in [0, 1].
double mass_heat(float mass);

/// Returns one row per head and position, with the attention of lane and twin.
DataTable attention_data(const run::LayerState& state, int heads);

}  // namespace sketchscope::view
