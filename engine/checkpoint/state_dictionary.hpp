#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>

#include "engine/checkpoint/checkpoint.hpp"
#include "engine/checkpoint/pickle.hpp"

namespace sketchscope {

/// The bytes of each storage of a PyTorch file, by the key with which tensors refer to it.
using Storages = std::map<std::string, std::span<const std::byte>>;

/// Returns the tensors of a pickled state dictionary by name. Throws Error naming `source` and the
/// tensor where one does not fit its storage.
std::map<std::string, CheckpointTensor> tensors_of(const Pickle& pickle, const Storages& storages,
                                                   const std::string& source);

/// Returns the bytes of one number of each storage that a pickled state dictionary mentions, by
/// key.
std::map<std::string, std::uint64_t> storage_element_bytes(const Pickle& pickle);

}  // namespace sketchscope
