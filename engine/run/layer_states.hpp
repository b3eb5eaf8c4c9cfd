#pragma once

#include <vector>

#include "engine/decode/lane.hpp"
#include "engine/run/live_state.hpp"

namespace sketchscope {

/// What a lane stores, scores, counts and sketches now, layer by layer, and what it and its twin
/// (may be null) attended to in the last step.
std::vector<LayerState> layer_states(const Lane& lane, const Lane* twin = nullptr);

}  // namespace sketchscope
