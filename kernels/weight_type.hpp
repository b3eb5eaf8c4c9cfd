#pragma once

#include <cstddef>
#include <cstdint>

namespace sketchscope::kernels {

/// How weights are stored. The last three are the blocks of GGUF files of these names: 32 weights
/// of a row have a scale in f16 in common, and those of q4_1 a minimum as well. A weight is
/// scale · code with codes from −128 to 127 (q8_0), scale · (code − 8) with codes from 0 to 15
/// (q4_0), or scale · code + minimum with such codes (q4_1).
enum class WeightType : std::uint8_t { f32, f16, bf16, int8, q8_0, q4_0, q4_1 };

/// Weights of a block.
inline constexpr int kWeightsPerBlock = 32;

/// The bytes of a block beside its codes, and those of its codes.
struct BlockSizes {
  std::size_t scales = 0;
  std::size_t codes = 0;

  [[nodiscard]] constexpr std::size_t total() const { return scales + codes; }
};

/// Returns the sizes of a block; zeros for a type that has no blocks.
constexpr BlockSizes block_sizes(WeightType type) {
  switch (type) {
    case WeightType::q8_0:
      return {.scales = 2, .codes = 32};
    case WeightType::q4_0:
      return {.scales = 2, .codes = 16};
    case WeightType::q4_1:
      return {.scales = 4, .codes = 16};
    case WeightType::f32:
    case WeightType::f16:
    case WeightType::bf16:
    case WeightType::int8:
      break;
  }
  return {};
}

/// Returns whether weights of this type lie in blocks with a scale of their own.
constexpr bool in_blocks(WeightType type) {
  return block_sizes(type).codes > 0;
}

/// Blocks of 32 that hold so many weights of a row, the last filled up.
constexpr std::size_t block_count(int inputs) {
  return (static_cast<std::size_t>(inputs) + kWeightsPerBlock - 1) / kWeightsPerBlock;
}

/// Whether weights are codes of 8 or 4 bits, which meet inputs of 16 bits.
constexpr bool is_coded(WeightType type) {
  return in_blocks(type) || type == WeightType::int8;
}

/// Bytes of one weight of a type that has no blocks.
constexpr std::size_t element_bytes(WeightType type) {
  switch (type) {
    case WeightType::f32:
      return 4;
    case WeightType::f16:
    case WeightType::bf16:
      return 2;
    case WeightType::int8:
    case WeightType::q8_0:
    case WeightType::q4_0:
    case WeightType::q4_1:
      break;
  }
  return 1;
}

}  // namespace sketchscope::kernels
