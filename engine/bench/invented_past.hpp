#pragma once

#include "engine/core/random.hpp"
#include "engine/decode/lane.hpp"

namespace sketchscope {

/// Gives an empty lane a past of `tokens` tokens with random keys and values, as a prompt that was
/// pruned to capacity would leave it, without running the model: a benchmark's context.
void invent_past(Lane& lane, const ModelConfig& config, int tokens, SplitMix64& random);

}  // namespace sketchscope
