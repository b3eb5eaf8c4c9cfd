#pragma once

#include <vector>

#include "engine/session/lane.hpp"
#include "engine/session/live_state.hpp"

namespace sketchscope {

/// What a lane stores, scores, counts and sketches now, layer by layer.
std::vector<LayerState> layer_states(const Lane& lane);

}  // namespace sketchscope
