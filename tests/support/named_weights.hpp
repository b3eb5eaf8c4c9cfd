#pragma once

#include <string_view>

#include "engine/checkpoint/checkpoint.hpp"
#include "engine/model/model_config.hpp"

namespace sketchscope::support {

/// Returns f32 weights that follow from `seed` and the names of the tensors alone, by the formula
/// of scripts/make_golden_families.py: odd multiples of 1/16 in matrices, of 1/64 in vectors,
/// around 1 in norms. All of them are exact in f16 and bf16.
checkpoint::Checkpoint named_weights(const model::ModelConfig& config, std::string_view seed);

}  // namespace sketchscope::support
