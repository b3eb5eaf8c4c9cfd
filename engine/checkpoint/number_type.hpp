#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "engine/checkpoint/checkpoint.hpp"

namespace sketchscope::checkpoint {

/// A type of number as checkpoints store it: its name in safetensors and PyTorch's names for it.
struct NumberType {
  std::string_view name;     ///< such as "F32"
  std::string_view storage;  ///< PyTorch's storage class, such as "FloatStorage"; may be empty
  std::string_view dtype;    ///< PyTorch's dtype, such as "float32"
  std::uint64_t bytes = 0;   ///< of one number
};

/// Returns the type with this name of safetensors, if it is known.
[[nodiscard]] std::optional<NumberType> number_type(std::string_view name);

/// Returns the type of a PyTorch storage or dtype by the name that a pickle gives it, such as
/// "torch.cuda.FloatStorage" or "torch.float8_e5m2", if it is known.
[[nodiscard]] std::optional<NumberType> number_type_of_torch(std::string_view global);

/// Returns the type in which weights can be used, `other` for the rest.
[[nodiscard]] CheckpointTensor::Type tensor_type(std::string_view name);

}  // namespace sketchscope::checkpoint
