#include "engine/checkpoint/gguf_blocks.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <stdexcept>

#include "kernels/number_format.hpp"

namespace sketchscope::checkpoint {
namespace {

constexpr std::array<GgufTypeInfo, 36> kGgufTypes = {{
    {GgufType::f32, 0, "F32", 1, 4},        {GgufType::f16, 1, "F16", 1, 2},
    {GgufType::bf16, 30, "BF16", 1, 2},     {GgufType::q8_0, 8, "Q8_0", 32, 34},
    {GgufType::q4_0, 2, "Q4_0", 32, 18},    {GgufType::q4_1, 3, "Q4_1", 32, 20},
    {GgufType::q5_0, 6, "Q5_0", 32, 22},    {GgufType::q5_1, 7, "Q5_1", 32, 24},
    {GgufType::q4_k, 12, "Q4_K", 256, 144}, {GgufType::q5_k, 13, "Q5_K", 256, 176},
    {GgufType::q6_k, 14, "Q6_K", 256, 210}, {GgufType::other, 9, "Q8_1"},
    {GgufType::other, 10, "Q2_K"},          {GgufType::other, 11, "Q3_K"},
    {GgufType::other, 15, "Q8_K"},          {GgufType::other, 16, "IQ2_XXS"},
    {GgufType::other, 17, "IQ2_XS"},        {GgufType::other, 18, "IQ3_XXS"},
    {GgufType::other, 19, "IQ1_S"},         {GgufType::other, 20, "IQ4_NL"},
    {GgufType::other, 21, "IQ3_S"},         {GgufType::other, 22, "IQ2_S"},
    {GgufType::other, 23, "IQ4_XS"},        {GgufType::other, 24, "I8"},
    {GgufType::other, 25, "I16"},           {GgufType::other, 26, "I32"},
    {GgufType::other, 27, "I64"},           {GgufType::other, 28, "F64"},
    {GgufType::other, 29, "IQ1_M"},         {GgufType::other, 34, "TQ1_0"},
    {GgufType::other, 35, "TQ2_0"},         {GgufType::other, 39, "MXFP4"},
    {GgufType::other, 40, "NVFP4"},         {GgufType::other, 41, "Q1_0"},
    {GgufType::other, 4, "Q4_2"},           {GgufType::other, 5, "Q4_3"},
}};

constexpr std::size_t kBlock = 32;        // numbers of a plain block, and of a part of a large one
constexpr std::size_t kLargeBlock = 256;  // numbers of a block of the K types

unsigned byte_at(const std::byte* bytes, std::size_t place) {
  return std::to_integer<unsigned>(bytes[place]);
}

int signed_at(const std::byte* bytes, std::size_t place) {
  return static_cast<std::int8_t>(byte_at(bytes, place));
}

float half_at(const std::byte* bytes, std::size_t place) {
  kernels::Half half{};
  std::memcpy(&half.bits, bytes + place, sizeof half.bits);
  return kernels::to_float(half);
}

std::uint32_t fifth_bits_at(const std::byte* bytes, std::size_t place) {
  std::uint32_t word = 0;
  std::memcpy(&word, bytes + place, sizeof word);
  return word;
}

// Each structure below reads one block at `in` into the numbers at `out`.

struct F32Block {
  static void read(const std::byte* in, float* out) { std::memcpy(out, in, sizeof *out); }
};

struct F16Block {
  static void read(const std::byte* in, float* out) { *out = half_at(in, 0); }
};

struct Bf16Block {
  static void read(const std::byte* in, float* out) {
    kernels::Bfloat16 number{};
    std::memcpy(&number.bits, in, sizeof number.bits);
    *out = kernels::to_float(number);
  }
};

struct Q8Block {  // scale, 32 signed bytes
  static void read(const std::byte* in, float* out) {
    const float scale = half_at(in, 0);
    for (std::size_t i = 0; i < kBlock; ++i) {
      out[i] = scale * static_cast<float>(signed_at(in, 2 + i));
    }
  }
};

/// A scale, a minimum if the type has one, a word with every fifth bit if it has those, then 16
/// bytes: their low halves are the numbers 0 to 15, their high halves 16 to 31.
template <bool kHasMinimum, bool kHasFifthBit>
struct HalfByteBlock {
  static void read(const std::byte* in, float* out) {
    constexpr std::size_t kWord = kHasMinimum ? 4 : 2;
    constexpr std::size_t kHalves = kWord + (kHasFifthBit ? 4 : 0);
    constexpr int kMiddle = kHasMinimum ? 0 : kHasFifthBit ? 16 : 8;
    const float scale = half_at(in, 0);
    const float minimum = kHasMinimum ? half_at(in, 2) : 0.0F;
    const std::uint32_t fifth = kHasFifthBit ? fifth_bits_at(in, kWord) : 0;
    for (std::size_t i = 0; i < kBlock; ++i) {
      const unsigned pair = byte_at(in, kHalves + i % 16);
      const unsigned low = i < 16 ? pair & 15U : pair >> 4;
      const int number = static_cast<int>(low | (fifth >> i & 1U) << 4) - kMiddle;
      out[i] = scale * static_cast<float>(number) + minimum;
    }
  }
};

/// The scale and the minimum of one of the eight parts of a Q4_K or Q5_K block: six bits each,
/// packed into twelve bytes. Parts 4 to 7 keep their upper two bits in those of parts 0 to 3.
struct PartScale {
  unsigned scale = 0;
  unsigned minimum = 0;
};

PartScale part_scale(const std::byte* packed, std::size_t part) {
  if (part < 4) return {byte_at(packed, part) & 63U, byte_at(packed, part + 4) & 63U};
  const unsigned low = byte_at(packed, part + 4);
  return {(low & 15U) | byte_at(packed, part - 4) >> 6 << 4,
          low >> 4 | byte_at(packed, part) >> 6 << 4};
}

/// Scale and scale of the minima, twelve bytes of part scales, 32 bytes with the fifth bit of each
/// number if the type has one (bit p of byte i belongs to number i of part p), then 128 bytes: 32
/// for two parts, the low halves before the high ones.
template <bool kHasFifthBit>
struct PartsBlock {
  static void read(const std::byte* in, float* out) {
    const std::byte* const fifths = in + 16;
    const std::byte* const halves = fifths + (kHasFifthBit ? 32 : 0);
    const float scale = half_at(in, 0);
    const float minimum = half_at(in, 2);
    for (std::size_t part = 0; part < kLargeBlock / kBlock; ++part) {
      const PartScale factors = part_scale(in + 4, part);
      const float part_factor = scale * static_cast<float>(factors.scale);
      const float part_minimum = minimum * static_cast<float>(factors.minimum);
      for (std::size_t i = 0; i < kBlock; ++i) {
        const unsigned pair = byte_at(halves, part / 2 * kBlock + i);
        unsigned number = part % 2 == 0 ? pair & 15U : pair >> 4;
        if (kHasFifthBit) number |= (byte_at(fifths, i) >> part & 1U) << 4;
        out[part * kBlock + i] = part_factor * static_cast<float>(number) - part_minimum;
      }
    }
  }
};

/// 128 bytes with the lower four bits of each number, 64 with the upper two, sixteen signed scales
/// of 16 numbers each, the scale of those. Each half of the block has its own 64 and 32 bytes: its
/// number 32 g + i takes the half byte g / 2 of byte 32 (g % 2) + i, and the bit pair g of byte i.
struct Q6Block {
  static void read(const std::byte* in, float* out) {
    const float scale = half_at(in, 208);
    for (std::size_t place = 0; place < kLargeBlock; ++place) {
      const std::size_t half = place / 128;
      const std::size_t group = place / kBlock % 4;
      const std::size_t i = place % kBlock;
      const unsigned lower =
          byte_at(in, 64 * half + kBlock * (group % 2) + i) >> 4 * (group / 2) & 15U;
      const unsigned upper = byte_at(in, 128 + 32 * half + i) >> 2 * group & 3U;
      const float part_factor = scale * static_cast<float>(signed_at(in, 192 + place / 16));
      out[place] = part_factor * static_cast<float>(static_cast<int>(lower | upper << 4) - 32);
    }
  }
};

template <typename Block>
void read_blocks(const GgufTypeInfo& info, std::span<const std::byte> bytes,
                 std::span<float> numbers) {
  const std::size_t blocks = bytes.size() / info.block_bytes;
  for (std::size_t block = 0; block < blocks; ++block) {
    Block::read(bytes.data() + block * info.block_bytes,
                numbers.data() + block * info.block_numbers);
  }
}

}  // namespace

GgufTypeInfo gguf_type_info(std::uint32_t id) {
  const auto* const found = std::ranges::find(kGgufTypes, id, &GgufTypeInfo::id);
  return found == kGgufTypes.end() ? GgufTypeInfo{.id = id} : *found;
}

GgufTypeInfo gguf_type_info(GgufType type) {
  return *std::ranges::find(kGgufTypes, type, &GgufTypeInfo::type);
}

std::string gguf_type_names() {
  std::string names;
  for (const GgufTypeInfo& info : kGgufTypes) {
    if (info.type == GgufType::other) continue;
    names += (names.empty() ? "" : ", ") + std::string(info.name);
  }
  return names;
}

bool have_finite_scales(GgufType type, std::span<const std::byte> bytes) {
  const bool has_minimum = type == GgufType::q4_1;
  if (!has_minimum && type != GgufType::q8_0 && type != GgufType::q4_0) {
    throw std::invalid_argument("have_finite_scales: blocks of Q8_0, Q4_0 or Q4_1");
  }
  const std::size_t size = gguf_type_info(type).block_bytes;
  for (std::size_t block = 0; block + size <= bytes.size(); block += size) {
    if (!std::isfinite(half_at(bytes.data(), block))) return false;
    if (has_minimum && !std::isfinite(half_at(bytes.data(), block + 2))) return false;
  }
  return true;
}

void dequantize(GgufType type, std::span<const std::byte> bytes, std::span<float> numbers) {
  const GgufTypeInfo info = gguf_type_info(type);
  if (type == GgufType::other || bytes.size() % info.block_bytes != 0 ||
      numbers.size() != bytes.size() / info.block_bytes * info.block_numbers) {
    throw std::invalid_argument(
        "dequantize: whole blocks of a known type and room for all numbers");
  }
  switch (type) {
    case GgufType::f32:
      return read_blocks<F32Block>(info, bytes, numbers);
    case GgufType::f16:
      return read_blocks<F16Block>(info, bytes, numbers);
    case GgufType::bf16:
      return read_blocks<Bf16Block>(info, bytes, numbers);
    case GgufType::q8_0:
      return read_blocks<Q8Block>(info, bytes, numbers);
    case GgufType::q4_0:
      return read_blocks<HalfByteBlock<false, false>>(info, bytes, numbers);
    case GgufType::q4_1:
      return read_blocks<HalfByteBlock<true, false>>(info, bytes, numbers);
    case GgufType::q5_0:
      return read_blocks<HalfByteBlock<false, true>>(info, bytes, numbers);
    case GgufType::q5_1:
      return read_blocks<HalfByteBlock<true, true>>(info, bytes, numbers);
    case GgufType::q4_k:
      return read_blocks<PartsBlock<false>>(info, bytes, numbers);
    case GgufType::q5_k:
      return read_blocks<PartsBlock<true>>(info, bytes, numbers);
    case GgufType::q6_k:
      return read_blocks<Q6Block>(info, bytes, numbers);
    case GgufType::other:
      break;
  }
}

}  // namespace sketchscope::checkpoint
