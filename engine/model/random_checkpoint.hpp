#pragma once

#include <cstdint>

#include "engine/checkpoint/checkpoint.hpp"
#include "engine/model/model_config.hpp"

namespace sketchscope::model {

/// Returns random f32 weights for a model of this shape under the names of its family. The
/// checkpoint owns their memory; equal seeds give equal weights on every machine. They vary enough
/// that attention is far from uniform.
checkpoint::Checkpoint random_checkpoint(const ModelConfig& config, std::uint64_t seed);

}  // namespace sketchscope::model
