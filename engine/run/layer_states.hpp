#pragma once

#include <vector>

#include "engine/decode/lane.hpp"
#include "engine/run/live_state.hpp"

namespace sketchscope {

/// Copies what a lane stores, scores, counts and sketches now, layer by layer, and what the lane
/// and its twin (may be null) attended to in the last step. This is most of what publishing costs:
/// per layer one score of each table, one batch of estimates, and (H, P) attention of lane and
/// twin.
std::vector<LayerState> layer_states(const Lane& lane, const Lane* twin = nullptr);

}  // namespace sketchscope
