#pragma once

#include "engine/core/random.hpp"
#include "engine/decode/lane.hpp"

namespace sketchscope {

/// Fills an empty lane with a synthetic context of `tokens` tokens with random keys and values, in
/// the state that a pruned prefill would leave, without running the model.
void fill_synthetic_context(Lane& lane, const ModelConfig& config, int tokens, SplitMix64& random);

}  // namespace sketchscope
