#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "kernels/cpu/instruction_set.hpp"

namespace sketchscope::kernels {

/// Stored format of the key or the value of one slot and head, a vector of D numbers.
///   f32   as it is
///   f16   the nearest halves, ±65504 at most
///   int8  a float scale = largest magnitude / 127, then D codes: x ≈ scale · code
///   int4  groups of 32 numbers, each two halves, lowest and step, then a code of 4 bits a number,
///         two in a byte, the lower bits first: x ≈ lowest + step · code. D is even.
/// Codes are the nearest integers, ties to even; a vector is padded to a multiple of 4 bytes.
enum class KvFormat : std::uint8_t { f32, f16, int8, int4 };

/// Numbers of a full int4 group, and the bytes that they take.
inline constexpr int kInt4Group = 32;
inline constexpr int kInt4GroupBytes = 20;
/// Bytes before the codes of an int8 vector (the scale) and of an int4 group (lowest and step).
inline constexpr int kCodesAt = 4;

/// Bytes of one vector of `width` numbers.
constexpr std::size_t kv_vector_bytes(KvFormat format, int width) {
  const auto count = static_cast<std::size_t>(width);
  constexpr auto kPadding = std::size_t{3};
  switch (format) {
    case KvFormat::f32:
      return count * 4;
    case KvFormat::f16:
      return (count * 2 + kPadding) & ~kPadding;
    case KvFormat::int8:
      return (kCodesAt + count + kPadding) & ~kPadding;
    case KvFormat::int4:
      break;
  }
  const std::size_t rest = count % kInt4Group;
  const std::size_t rest_bytes = rest == 0 ? 0 : kCodesAt + rest / 2;
  return count / kInt4Group * kInt4GroupBytes + ((rest_bytes + kPadding) & ~kPadding);
}

/// Memory layout of N vectors of D numbers: vector i starts `stride` · i bytes after the first.
struct KvLayout {
  KvFormat format = KvFormat::f32;
  int width = 0;           // D
  int count = 0;           // N
  std::size_t stride = 0;  // bytes, at least those of a vector
};

/// Encodes vectors (N, D). Every implementation writes the same bytes and leaves those between
/// vectors untouched. Throws KernelError on sizes that do not fit and on int4 with an odd D.
void encode_kv(const KvLayout& layout, std::span<const float> vectors, std::span<std::byte> encoded,
               const cpu::KernelSet& kernels = cpu::best_kernels());

/// Decodes vectors (N, D). Throws KernelError on sizes that do not fit and on int4 with an odd D.
void decode_kv(const KvLayout& layout, std::span<const std::byte> encoded, std::span<float> vectors,
               const cpu::KernelSet& kernels = cpu::best_kernels());

}  // namespace sketchscope::kernels
