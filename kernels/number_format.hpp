#pragma once

#include <bit>
#include <cstdint>

namespace sketchscope {

/// The value of an IEEE 754 half, subnormals, infinities and NaN included.
inline float float_from_f16(std::uint16_t half) {
  const std::uint32_t sign = (half & 0x8000U) << 16;
  const std::uint32_t magnitude = half & 0x7FFFU;
  if (magnitude >= 0x7C00U) {
    return std::bit_cast<float>(sign | 0x7F800000U | (magnitude & 0x3FFU) << 13);
  }
  // Shifted into place the exponent is 112 too low; a multiplication by 2^112 mends it and
  // normalises subnormals on the way.
  const float scaled = std::bit_cast<float>(magnitude << 13) * 0x1p112F;
  return std::bit_cast<float>(std::bit_cast<std::uint32_t>(scaled) | sign);
}

/// The value of a bfloat16: the upper half of a float.
inline float float_from_bf16(std::uint16_t brain) {
  return std::bit_cast<float>(std::uint32_t{brain} << 16);
}

}  // namespace sketchscope
