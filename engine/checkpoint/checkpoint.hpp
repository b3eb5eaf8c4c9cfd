#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/checkpoint/gguf_blocks.hpp"
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

/// The rows of a matrix in blocks of one type, as they lie in a file.
struct StoredBlocks {
  GgufType type = GgufType::other;
  std::span<const std::byte> bytes;  ///< lives as long as the checkpoint
  /// The stored row that stands at each place; empty where they stand in their own order.
  std::vector<std::size_t> order = {};

  /// Returns the bytes of row `row` of `rows`.
  [[nodiscard]] std::span<const std::byte> row(std::size_t row, std::size_t rows) const {
    const std::size_t size = bytes.size() / rows;
    return bytes.subspan((order.empty() ? row : order[row]) * size, size);
  }
};

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
  /// Where the blocks from which numbers are computed may also be used as they are.
  std::optional<StoredBlocks> blocks = {};
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
