#include "kernels/weight_panels.hpp"

#include <cstdint>
#include <cstring>

#include "kernels/kernel_error.hpp"
#include "kernels/number_format.hpp"

namespace sketchscope::kernels {
namespace {

constexpr std::size_t kOutputs = kPanelOutputs;
constexpr std::size_t kInputs = kWeightsPerBlock;
constexpr std::size_t kHalf = 2;            // bytes
constexpr std::size_t kInputsPerGroup = 8;  // of 4-bit codes
constexpr std::size_t kCodesPerWord = 4;
constexpr std::size_t kWordsPerGroup = 2 * kOutputs;

/// The place of an input's code of 4 bits within the codes of a part.
struct NibblePlace {
  std::size_t word;
  unsigned shift;
};

constexpr NibblePlace nibble_place(std::size_t input, std::size_t output) {
  const std::size_t group = input / kInputsPerGroup;
  const std::size_t in_group = input % kInputsPerGroup;
  return {group * kWordsPerGroup + 2 * output + in_group % 2,
          static_cast<unsigned>(in_group / 2 * kCodesPerWord)};
}

constexpr std::size_t byte_place(std::size_t input, std::size_t output) {
  return input / 2 * 2 * kOutputs + 2 * output + input % 2;
}

/// The code of an input in a stored block of 4-bit codes.
unsigned stored_nibble(const std::byte* codes, std::size_t input) {
  const auto pair = std::to_integer<unsigned>(codes[input % (kInputs / 2)]);
  return input < kInputs / 2 ? pair & 15U : pair >> 4;
}

void pack_codes(WeightType type, const std::byte* stored, std::size_t output, std::byte* codes) {
  if (type == WeightType::q8_0) {
    for (std::size_t input = 0; input < kInputs; input += 2) {
      std::memcpy(codes + byte_place(input, output), stored + input, 2);
    }
    return;
  }
  for (std::size_t first = 0; first < kInputs; first += kInputsPerGroup) {
    std::uint16_t words[2] = {};
    for (std::size_t i = 0; i < kInputsPerGroup; ++i) {
      const unsigned code = stored_nibble(stored, first + i);
      words[i % 2] = static_cast<std::uint16_t>(words[i % 2] | code << i / 2 * kCodesPerWord);
    }
    std::memcpy(codes + 2 * nibble_place(first, output).word, words, sizeof words);
  }
}

int code_at(WeightType type, const std::byte* codes, std::size_t input, std::size_t output) {
  if (type == WeightType::q8_0) {
    return static_cast<std::int8_t>(
        std::to_integer<unsigned char>(codes[byte_place(input, output)]));
  }
  const auto [place, shift] = nibble_place(input, output);
  std::uint16_t word = 0;
  std::memcpy(&word, codes + 2 * place, sizeof word);
  return static_cast<int>(word >> shift & 15U);
}

float half_at(const std::byte* place) {
  Half half{};
  std::memcpy(&half.bits, place, sizeof half.bits);
  return to_float(half);
}

}  // namespace

void pack_panel(WeightType type, int inputs, std::span<const std::byte* const> rows,
                std::span<std::byte> panel) {
  const BlockSizes block = block_sizes(type);
  if (!in_blocks(type) || inputs % kWeightsPerBlock != 0 || rows.size() > kOutputs ||
      panel.size() != panel_bytes(type, inputs)) {
    throw KernelError("pack_panel: up to 16 rows of whole blocks, and room for their panel");
  }
  if (rows.size() < kOutputs) std::memset(panel.data(), 0, panel.size());
  const std::size_t blocks = static_cast<std::size_t>(inputs) / kInputs;
  for (std::size_t b = 0; b < blocks; ++b) {
    std::byte* const part = panel.data() + b * kOutputs * block.total();
    for (std::size_t output = 0; output < rows.size(); ++output) {
      const std::byte* const stored = rows[output] + b * block.total();
      for (std::size_t half = 0; half < block.scales / kHalf; ++half) {
        std::memcpy(part + kHalf * (half * kOutputs + output), stored + kHalf * half, kHalf);
      }
      pack_codes(type, stored + block.scales, output, part + kOutputs * block.scales);
    }
  }
}

void read_panel_row(WeightType type, const std::byte* panels, int output, std::span<float> row) {
  const BlockSizes block = block_sizes(type);
  const auto n = static_cast<std::size_t>(output) % kOutputs;
  const std::byte* part = panels + static_cast<std::size_t>(output) / kOutputs *
                                       panel_bytes(type, static_cast<int>(row.size()));
  for (std::size_t first = 0; first < row.size(); first += kInputs) {
    const float scale = half_at(part + kHalf * n);
    const float minimum = type == WeightType::q8_0   ? 0.0F
                          : type == WeightType::q4_0 ? -8.0F * scale
                                                     : half_at(part + kHalf * (kOutputs + n));
    const std::byte* const codes = part + kOutputs * block.scales;
    for (std::size_t i = 0; i < kInputs; ++i) {
      row[first + i] = scale * static_cast<float>(code_at(type, codes, i, n)) + minimum;
    }
    part += kOutputs * block.total();
  }
}

}  // namespace sketchscope::kernels
