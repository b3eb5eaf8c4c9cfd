#pragma once

#include <optional>
#include <span>
#include <vector>

#include "engine/run/live_state.hpp"
#include "gui/view/data_table.hpp"

namespace sketchscope {

/// One layer's attention under the last token's query, head by head, drawn in `columns` columns.
/// Where a column stands for several positions it shows the one that matters most.
struct AttentionMap {
  int heads = 0;            // H
  int columns = 0;          ///< of the picture, for positions [0, span)
  int positions = 0;        // P
  int filled = 0;           ///< columns that have a position; the others are still to come
  std::vector<float> lane;  ///< (H, columns), NaN where nothing under it is stored
  std::vector<float> twin;  ///< (H, columns); empty without a twin
  /// lane − twin, (H, columns), where what is not stored has 0; empty without a twin.
  std::vector<float> difference;
};

/// Of a layer with so many heads; without columns where the state has no attention.
AttentionMap attention_map(const LayerState& state, int heads, int span, int columns);

/// Total variation of lane and twin, ½ Σ |lane − twin|, mean over heads; kMissing without a twin.
double attention_distance(const LayerState& state, int heads);

/// Where a mass lies between 0.0001 and 1 on a logarithmic scale, in [0, 1].
double mass_heat(float mass);

/// Lane and twin of every head and position, a row each.
DataTable attention_data(const LayerState& state, int heads);

}  // namespace sketchscope
