#pragma once

#include <cstdint>

#include "engine/checkpoint/checkpoint.hpp"
#include "engine/model/model_config.hpp"

namespace sketchscope {

/// Random weights of a model of this shape by the names of its family, f32, in memory that the
/// checkpoint owns; the same for the same seed on every machine. They are wide enough that
/// attention is far from uniform.
Checkpoint random_checkpoint(const ModelConfig& config, std::uint64_t seed);

}  // namespace sketchscope
