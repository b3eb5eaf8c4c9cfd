#pragma once

#include <string>

#include "engine/checkpoint/checkpoint.hpp"
#include "engine/model/weight_names.hpp"

namespace sketchscope::model {

/// Returns the tensor of this name, which may lack the prefix `model.` of a model with a head, or
/// null.
[[nodiscard]] const checkpoint::CheckpointTensor* find_tensor(
    const checkpoint::Checkpoint& checkpoint, const std::string& name);

/// Returns the checkpoint with its tensors' names without that of the attribute under which another
/// module holds the model.
[[nodiscard]] checkpoint::Checkpoint unwrapped(const checkpoint::Checkpoint& checkpoint,
                                               const WeightNames& names);

/// Turns the names that a family gives into those of this checkpoint where the configuration ties
/// the head: the head's own name goes, unless it stands for other numbers than the embedding's, and
/// replaces the embedding's where that is not there. A copy in a wider type has the same numbers
/// where rounding it gives the other.
void tie_head(const checkpoint::Checkpoint& checkpoint, WeightNames& names);

}  // namespace sketchscope::model
