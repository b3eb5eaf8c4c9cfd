#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/core/registry.hpp"

namespace sketchscope::checkpoint {

/// The type in which weights are held in memory; `as_stored` keeps the type of the file. int8 has
/// one scale per row of a matrix.
enum class WeightDtype : std::uint8_t { as_stored, f32, f16, bf16, int8 };

}  // namespace sketchscope::checkpoint

namespace sketchscope::core {

template <>
inline constexpr std::array enum_names<checkpoint::WeightDtype> = {
    NamedValue{checkpoint::WeightDtype::as_stored, "stored"},
    NamedValue{checkpoint::WeightDtype::f32, "f32"},
    NamedValue{checkpoint::WeightDtype::f16, "f16"},
    NamedValue{checkpoint::WeightDtype::bf16, "bf16"},
    NamedValue{checkpoint::WeightDtype::int8, "int8"},
};

}  // namespace sketchscope::core

namespace sketchscope::checkpoint {

/// One named tensor of a checkpoint, not yet copied.
struct CheckpointTensor {
  enum class Type : std::uint8_t { f32, f16, bf16, other };
  Type type = Type::other;
  std::string type_name;  ///< the type's name in the file
  std::vector<std::int64_t> shape;
  std::span<const std::byte> bytes;  ///< little endian; lives as long as the checkpoint
  /// Numbers from one index of each axis to the next; empty where the tensor is row-major.
  std::vector<std::int64_t> strides = {};
  /// Writes all numbers, row-major, where they follow from what is stored, such as blocks; `type`
  /// is then f32 and `bytes` is empty. It may be called as long as the checkpoint lives.
  std::function<void(std::span<float> numbers)> compute = {};
};

/// The tensors of a model directory by name, without the prefixes that wrappers put before names
/// (tensor_names.hpp), and the owners of their bytes.
struct Checkpoint {
  std::map<std::string, CheckpointTensor> tensors;
  std::vector<std::shared_ptr<const void>> owners;
  std::string source;  ///< the file or index read, for messages
};

/// Reads model.safetensors or pytorch_model.bin (in this order, each also in its sharded form) of a
/// Hugging Face directory. Throws Error naming the file, what is wrong with it, and what to do.
Checkpoint read_checkpoint(const std::filesystem::path& directory);

}  // namespace sketchscope::checkpoint
