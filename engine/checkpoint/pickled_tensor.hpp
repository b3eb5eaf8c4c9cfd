#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>

#include "engine/checkpoint/checkpoint.hpp"
#include "engine/checkpoint/pickle.hpp"

namespace sketchscope::checkpoint {

/// The bytes of each storage of a PyTorch file, by the key with which tensors refer to it.
using Storages = std::map<std::string, std::span<const std::byte>>;

/// Returns whether a pickled value is a tensor or a parameter of any kind.
[[nodiscard]] bool is_pickled_tensor(const PickleValue* value);

/// Reads the tensor that a pickled value describes; its bytes lie in one of `storages`. Kinds and
/// types that hold no weights (sparse, quantized, complex, …) come as Type::other with their name.
/// `name` and `source` are for messages. Throws Error where the tensor does not fit its storage.
[[nodiscard]] CheckpointTensor read_pickled_tensor(const std::string& name,
                                                   const PickleValue* value,
                                                   const Storages& storages,
                                                   const std::string& source);

/// A storage that a pickle mentions.
struct StorageNote {
  std::string key;
  std::string type_name;              ///< PyTorch's name of its class
  std::uint64_t element_bytes = 0;    ///< of one number; 0 where the type is unknown
  const PickleValue* view = nullptr;  ///< which part of a storage this one is, or null
};

/// Returns what a persistent id says about a storage: ("storage", type, key, device, count, …).
[[nodiscard]] std::optional<StorageNote> storage_note(const PickleValue* value);

}  // namespace sketchscope::checkpoint
