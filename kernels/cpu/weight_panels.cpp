#include "kernels/weight_panels.hpp"

#include <algorithm>
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

int byte_at(const std::byte* codes, std::size_t input, std::size_t output) {
  return static_cast<std::int8_t>(std::to_integer<unsigned char>(codes[byte_place(input, output)]));
}

int code_at(WeightType type, const std::byte* codes, std::size_t input, std::size_t output) {
  if (type == WeightType::q8_0) return byte_at(codes, input, output);
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

float number(float value) {
  return value;
}
float number(Half value) {
  return to_float(value);
}
float number(Bfloat16 value) {
  return to_float(value);
}

template <class T>
void read_numbers(const std::byte* panel, std::size_t output, std::span<float> row) {
  for (std::size_t k = 0; k < row.size(); ++k) {
    T stored;
    std::memcpy(&stored, panel + (k * kOutputs + output) * sizeof(T), sizeof(T));
    row[k] = number(stored);
  }
}

void read_blocks(WeightType type, const std::byte* panel, std::size_t output,
                 std::span<float> row) {
  const BlockSizes block = block_sizes(type);
  const std::byte* part = panel;
  for (std::size_t first = 0; first < row.size(); first += kInputs) {
    const float scale = half_at(part + kHalf * output);
    const float minimum = type == WeightType::q8_0   ? 0.0F
                          : type == WeightType::q4_0 ? -8.0F * scale
                                                     : half_at(part + kHalf * (kOutputs + output));
    const std::byte* const codes = part + kOutputs * block.scales;
    for (std::size_t i = 0; i < kInputs; ++i) {
      row[first + i] = scale * static_cast<float>(code_at(type, codes, i, output)) + minimum;
    }
    part += kOutputs * block.total();
  }
}

/// Puts the numbers of one row among those of 15 others.
template <class T>
void spread(const std::byte* row, int inputs, std::byte* column) {
  for (int k = 0; k < inputs; ++k) {
    std::memcpy(column + static_cast<std::size_t>(k) * kOutputs * sizeof(T),
                row + static_cast<std::size_t>(k) * sizeof(T), sizeof(T));
  }
}

void spread_bytes(const std::byte* row, int inputs, std::size_t output, std::byte* panel) {
  for (std::size_t k = 0; k < static_cast<std::size_t>(inputs); ++k) {
    panel[byte_place(k, output)] = row[k];
  }
}

void spread_blocks(WeightType type, const std::byte* row, int inputs, std::size_t output,
                   std::byte* panel) {
  const BlockSizes block = block_sizes(type);
  for (std::size_t b = 0; b < block_count(inputs); ++b) {
    std::byte* const part = panel + b * kOutputs * block.total();
    const std::byte* const stored = row + b * block.total();
    for (std::size_t half = 0; half < block.scales / kHalf; ++half) {
      std::memcpy(part + kHalf * (half * kOutputs + output), stored + kHalf * half, kHalf);
    }
    pack_codes(type, stored + block.scales, output, part + kOutputs * block.scales);
  }
}

/// Takes the blocks of one row from among those of 15 others: what spread_blocks() wrote.
void gather_blocks(WeightType type, const std::byte* panel, int inputs, std::size_t output,
                   std::byte* row) {
  const BlockSizes block = block_sizes(type);
  for (std::size_t b = 0; b < block_count(inputs); ++b) {
    const std::byte* const part = panel + b * kOutputs * block.total();
    std::byte* const stored = row + b * block.total();
    for (std::size_t half = 0; half < block.scales / kHalf; ++half) {
      std::memcpy(stored + kHalf * half, part + kHalf * (half * kOutputs + output), kHalf);
    }
    const std::byte* const codes = part + kOutputs * block.scales;
    for (std::size_t i = 0; i < block.codes; ++i) {
      const int code = code_at(type, codes, i, output);
      const int upper =
          type == WeightType::q8_0 ? 0 : code_at(type, codes, i + kInputs / 2, output);
      stored[block.scales + i] = static_cast<std::byte>((code | upper << 4) & 255);
    }
  }
}

}  // namespace

void pack_panel(WeightType type, int inputs, std::span<const std::byte* const> rows,
                std::span<std::byte> panel) {
  if ((in_blocks(type) && inputs % kWeightsPerBlock != 0) || rows.size() > kOutputs ||
      panel.size() != panel_bytes(type, inputs)) {
    throw KernelError("pack_panel: up to 16 rows of whole blocks, and room for their panel");
  }
  const bool is_filled =
      rows.size() == kOutputs && (type != WeightType::int8 || inputs % kWeightsPerBlock == 0);
  if (!is_filled) std::ranges::fill(panel, std::byte{0});
  for (std::size_t output = 0; output < rows.size(); ++output) {
    switch (type) {
      case WeightType::f32:
        spread<float>(rows[output], inputs, panel.data() + output * sizeof(float));
        break;
      case WeightType::f16:
      case WeightType::bf16:
        spread<Half>(rows[output], inputs, panel.data() + output * sizeof(Half));
        break;
      case WeightType::int8:
        spread_bytes(rows[output], inputs, output, panel.data());
        break;
      case WeightType::q8_0:
      case WeightType::q4_0:
      case WeightType::q4_1:
        spread_blocks(type, rows[output], inputs, output, panel.data());
        break;
    }
  }
}

void pack_in_place(WeightType type, int outputs, int inputs, std::span<std::byte> matrix) {
  const std::size_t bytes = panel_bytes(type, inputs);
  const std::size_t row = row_bytes(type, inputs);
  if (matrix.size() != matrix_bytes(type, outputs, inputs)) {
    throw KernelError("pack_in_place: a matrix in the room of its panels");
  }
  // A panel lies no earlier than its rows, so the last panel is written first.
  std::vector<std::byte> rows;
  for (std::size_t panel = panel_count(outputs); panel-- > 0;) {
    const std::size_t first = panel * kOutputs;
    const std::size_t count = std::min(kOutputs, static_cast<std::size_t>(outputs) - first);
    const auto source = matrix.subspan(first * row, count * row);
    rows.assign(source.begin(), source.end());
    const std::byte* addresses[kOutputs] = {};
    for (std::size_t n = 0; n < count; ++n) addresses[n] = rows.data() + n * row;
    pack_panel(type, inputs, std::span(addresses).first(count),
               matrix.subspan(panel * bytes, bytes));
  }
}

void read_weights(const Linear& layer, int output, std::span<float> row) {
  const auto n = static_cast<std::size_t>(output) % kOutputs;
  const std::byte* const panel =
      static_cast<const std::byte*>(layer.weight) +
      static_cast<std::size_t>(output) / kOutputs * panel_bytes(layer.type, layer.inputs);
  switch (layer.type) {
    case WeightType::f32:
      return read_numbers<float>(panel, n, row);
    case WeightType::f16:
      return read_numbers<Half>(panel, n, row);
    case WeightType::bf16:
      return read_numbers<Bfloat16>(panel, n, row);
    case WeightType::int8:
      for (std::size_t k = 0; k < row.size(); ++k) {
        row[k] = layer.scale[output] * static_cast<float>(byte_at(panel, k, n));
      }
      return;
    case WeightType::q8_0:
    case WeightType::q4_0:
    case WeightType::q4_1:
      return read_blocks(layer.type, panel, n, row);
  }
}

std::vector<std::byte> row_major(const Linear& layer) {
  const std::size_t width = element_bytes(layer.type);
  const std::size_t row = row_bytes(layer.type, layer.inputs);
  const std::size_t bytes = panel_bytes(layer.type, layer.inputs);
  const auto* const panels = static_cast<const std::byte*>(layer.weight);
  std::vector<std::byte> matrix(static_cast<std::size_t>(layer.outputs) * row);
  for (std::size_t n = 0; n < static_cast<std::size_t>(layer.outputs); ++n) {
    const std::byte* const panel = panels + n / kOutputs * bytes;
    if (in_blocks(layer.type)) {
      gather_blocks(layer.type, panel, layer.inputs, n % kOutputs, matrix.data() + n * row);
      continue;
    }
    for (std::size_t k = 0; k < static_cast<std::size_t>(layer.inputs); ++k) {
      const std::size_t place = layer.type == WeightType::int8
                                    ? byte_place(k, n % kOutputs)
                                    : (k * kOutputs + n % kOutputs) * width;
      std::memcpy(&matrix[n * row + k * width], panel + place, width);
    }
  }
  return matrix;
}

}  // namespace sketchscope::kernels
