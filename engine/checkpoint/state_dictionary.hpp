#pragma once

#include <map>
#include <string>

#include "engine/checkpoint/checkpoint.hpp"
#include "engine/checkpoint/pickle.hpp"
#include "engine/checkpoint/pickled_tensor.hpp"

namespace sketchscope::checkpoint {

/// Returns the tensors of a pickled state dictionary by name. A training checkpoint that holds the
/// state dictionary under a key ("state_dict", "model", …) is unwrapped; what is no tensor is left
/// alone. Throws Error naming `source` where there are no weights to find: another object, such as
/// a whole pickled model, is named with what to do about it.
std::map<std::string, CheckpointTensor> tensors_of(const Pickle& pickle, const Storages& storages,
                                                   const std::string& source);

}  // namespace sketchscope::checkpoint
