#pragma once

#include "engine/decode/read_phase.hpp"

namespace sketchscope {

/// Last phase of a layer's step: shadow attention over stored and evicted positions. Both do
/// nothing with the audit off.

/// Asks for what compare() needs; the audit keeps the results.
void ask_shadow(LaneState& lane, const MergedAttention& merged, AttentionBatch& batch);
/// Once the batch was run: divergence, regret, and what the lane's observer wants to see.
void compare_with_shadow(LaneState& lane, const MergedAttention& merged);

}  // namespace sketchscope
