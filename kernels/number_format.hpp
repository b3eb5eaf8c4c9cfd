#pragma once

#include <bit>
#include <cstdint>

namespace sketchscope::kernels {

/// An IEEE 754 half as it lies in memory.
struct Half {
  std::uint16_t bits;
};

/// A bfloat16 as it lies in memory: the upper half of a float.
struct Bfloat16 {
  std::uint16_t bits;
};

/// Converts exactly, subnormals, infinities and NaN included.
inline float to_float(Half half) {
  const std::uint32_t sign = (half.bits & 0x8000U) << 16;
  const std::uint32_t magnitude = half.bits & 0x7FFFU;
  if (magnitude >= 0x7C00U) {
    return std::bit_cast<float>(sign | 0x7F800000U | (magnitude & 0x3FFU) << 13);
  }
  // Shifted into place the exponent is 112 too low; multiplying by 2^112 corrects it and normalises
  // subnormals as well.
  const float scaled = std::bit_cast<float>(magnitude << 13) * 0x1p112F;
  return std::bit_cast<float>(std::bit_cast<std::uint32_t>(scaled) | sign);
}

/// Converts exactly: a bfloat16 is the upper half of a float.
inline float to_float(Bfloat16 value) {
  return std::bit_cast<float>(std::uint32_t{value.bits} << 16);
}

/// Rounds to the nearest IEEE 754 half, ties to even; values beyond its range become infinity.
inline std::uint16_t f16_from_float(float value) {
  constexpr std::uint32_t kInfinity = 0x7F800000U;
  constexpr std::uint32_t kSmallestOverflow = (127U + 16U) << 23;
  constexpr std::uint32_t kSmallestNormal = (127U - 14U) << 23;
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const std::uint32_t sign = bits >> 16 & 0x8000U;
  const std::uint32_t magnitude = bits & 0x7FFFFFFFU;
  std::uint32_t half = 0;
  if (magnitude >= kSmallestOverflow) {
    half = magnitude > kInfinity ? 0x7E00U : 0x7C00U;
  } else if (magnitude < kSmallestNormal) {
    // Adding 0.5 aligns a subnormal half with the low bits of the sum, which rounds it.
    half = std::bit_cast<std::uint32_t>(std::bit_cast<float>(magnitude) + 0.5F) - 0x3F000000U;
  } else {
    const std::uint32_t odd = magnitude >> 13 & 1U;
    half = (magnitude - (112U << 23) + 0xFFFU + odd) >> 13;
  }
  return static_cast<std::uint16_t>(sign | half);
}

/// Rounds to the nearest bfloat16, ties to even.
inline std::uint16_t bf16_from_float(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  if ((bits & 0x7FFFFFFFU) > 0x7F800000U) {
    return static_cast<std::uint16_t>(bits >> 16 | 0x40U);  // a NaN stays one
  }
  return static_cast<std::uint16_t>((bits + 0x7FFFU + (bits >> 16 & 1U)) >> 16);
}

}  // namespace sketchscope::kernels
