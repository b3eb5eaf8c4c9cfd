#include "tests/kernels/random_blocks.hpp"

#include <algorithm>
#include <random>

#include "kernels/number_format.hpp"
#include "kernels/weight_panels.hpp"

namespace sketchscope::kernels {
namespace {

/// Appends a random half and returns its value.
float append_half(std::mt19937& random, float low, float high, std::vector<std::byte>& stored) {
  const float value = std::uniform_real_distribution<float>(low, high)(random);
  const std::uint16_t bits = f16_from_float(value);
  stored.push_back(static_cast<std::byte>(bits & 255U));
  stored.push_back(static_cast<std::byte>(bits >> 8));
  return to_float(Half{bits});
}

/// Appends one block and its 32 numbers, by the description of the types in weight_type.hpp.
void append_block(std::mt19937& random, WeightType type, std::vector<std::byte>& stored,
                  std::vector<float>& numbers) {
  std::uniform_int_distribution<int> byte(0, 255);
  const float scale = append_half(random, 0.001F, 0.01F, stored);
  if (type == WeightType::q8_0) {
    for (int i = 0; i < 32; ++i) {
      const int code = byte(random) - 128;
      stored.push_back(static_cast<std::byte>(code & 255));
      numbers.push_back(scale * static_cast<float>(code));
    }
    return;
  }
  const float minimum =
      type == WeightType::q4_1 ? append_half(random, -0.1F, 0.1F, stored) : -8.0F * scale;
  std::vector<float> upper;
  for (int i = 0; i < 16; ++i) {
    const int pair = byte(random);
    stored.push_back(static_cast<std::byte>(pair));
    numbers.push_back(scale * static_cast<float>(pair % 16) + minimum);
    upper.push_back(scale * static_cast<float>(pair / 16) + minimum);
  }
  numbers.insert(numbers.end(), upper.begin(), upper.end());
}

}  // namespace

RandomBlocks::RandomBlocks(unsigned seed, WeightType type, int inputs, int outputs)
    : bias_(static_cast<std::size_t>(outputs)) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<float> near_zero(-1.0F, 1.0F);
  for (float& bias : bias_) bias = near_zero(random);
  for (int block = 0; block < inputs / 32 * outputs; ++block) {
    append_block(random, type, stored_, numbers_);
  }
  layer_ = {.type = type, .bias = bias_.data(), .inputs = inputs, .outputs = outputs};
  const std::size_t size = panel_bytes(type, inputs);
  panels_.resize(panel_count(outputs) * size);
  for (int first = 0; first < outputs; first += kPanelOutputs) {
    std::vector<const std::byte*> rows;
    for (int n = first; n < std::min(first + kPanelOutputs, outputs); ++n) rows.push_back(row(n));
    pack_panel(
        type, inputs, rows,
        std::span(panels_).subspan(static_cast<std::size_t>(first) / kPanelOutputs * size, size));
  }
  layer_.weight = panels_.data();
}

Linear RandomBlocks::in_floats() const {
  Linear floats = layer_;
  floats.type = WeightType::f32;
  floats.weight = numbers_.data();
  return floats;
}

const std::byte* RandomBlocks::row(int output) const {
  return stored_.data() + stored_.size() / static_cast<std::size_t>(layer_.outputs) *
                              static_cast<std::size_t>(output);
}

}  // namespace sketchscope::kernels
