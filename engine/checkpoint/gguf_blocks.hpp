#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace sketchscope::checkpoint {

/// The types of GGUF tensors that can be read. Quantised ones store numbers in blocks.
enum class GgufType : std::uint8_t {
  f32,
  f16,
  bf16,
  q8_0,
  q4_0,
  q4_1,
  q5_0,
  q5_1,
  q4_k,
  q5_k,
  q6_k,
  other,
};

/// How a type is stored: the number that stands for it in a file, its name, and its blocks.
struct GgufTypeInfo {
  GgufType type = GgufType::other;
  std::uint32_t id = 0;
  std::string_view name = {};
  std::size_t block_numbers = 0;  ///< numbers of a block; 0 where the type is not read
  std::size_t block_bytes = 0;
};

/// Returns what is known of the type with this number; one that is not read has a name at most.
[[nodiscard]] GgufTypeInfo gguf_type_info(std::uint32_t id);
/// Returns how a type other than `other` is stored.
[[nodiscard]] GgufTypeInfo gguf_type_info(GgufType type);
/// Returns the names of all types that are read as "F32, F16, …", for messages.
[[nodiscard]] std::string gguf_type_names();

/// Whether all scales and minima of whole blocks of Q8_0, Q4_0 or Q4_1 are finite; their numbers
/// are so then. Throws std::invalid_argument for another type.
[[nodiscard]] bool have_finite_scales(GgufType type, std::span<const std::byte> bytes);

/// Writes the numbers of whole blocks to `numbers`, one for each number stored in `bytes`. The
/// bytes may lie at any address. Throws std::invalid_argument where the sizes do not belong
/// together. Block layouts: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md and the
/// structures block_q8_0 … block_q6_K of ggml.
void dequantize(GgufType type, std::span<const std::byte> bytes, std::span<float> numbers);

}  // namespace sketchscope::checkpoint
