#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "kernels/layers.hpp"
#include "kernels/number_format.hpp"
#include "tests/kernels/kernel_test.hpp"

namespace sketchscope::kernels {

/// The types of weights that lie one by one.
inline constexpr WeightType kRowTypes[] = {WeightType::f32, WeightType::f16, WeightType::bf16,
                                           WeightType::int8};

/// A layer with random weights, and the memory that they lie in.
class RandomLayer {
 public:
  RandomLayer(unsigned seed, WeightType type, int inputs, int outputs)
      : scale_(random_values(seed + 2, static_cast<std::size_t>(outputs), 0.001F, 0.01F)),
        bias_(random_values(seed + 1, static_cast<std::size_t>(outputs))) {
    const auto width = static_cast<std::size_t>(inputs);
    const auto values = random_values(seed, width * static_cast<std::size_t>(outputs));
    for (std::size_t i = 0; i < values.size(); ++i) store(type, values[i], scale_[i / width]);
    layer_ = {.weight = bytes_.data(),
              .type = type,
              .scale = type == WeightType::int8 ? scale_.data() : nullptr,
              .bias = bias_.data(),
              .inputs = inputs,
              .outputs = outputs};
  }
  RandomLayer(const RandomLayer&) = delete;
  RandomLayer& operator=(const RandomLayer&) = delete;

  [[nodiscard]] const Linear& layer() const { return layer_; }
  [[nodiscard]] const std::vector<float>& numbers() const { return numbers_; }  // (N, K)
  [[nodiscard]] Linear without_bias() const {
    Linear layer = layer_;
    layer.bias = nullptr;
    return layer;
  }

 private:
  /// Rounds `value` to the type and notes what it is worth.
  void store(WeightType type, float value, float scale) {
    switch (type) {
      case WeightType::f32:
        return append(value, value);
      case WeightType::f16:
        return append(f16_from_float(value), to_float(Half{f16_from_float(value)}));
      case WeightType::bf16:
        return append(bf16_from_float(value), to_float(Bfloat16{bf16_from_float(value)}));
      case WeightType::int8: {
        const auto rounded = static_cast<std::int8_t>(std::lround(127.0F * value));
        return append(rounded, scale * static_cast<float>(rounded));
      }
      case WeightType::q8_0:
      case WeightType::q4_0:
      case WeightType::q4_1:
        break;  // RandomBlocks
    }
  }
  template <class T>
  void append(T stored, float number) {
    const auto bytes = std::as_bytes(std::span(&stored, 1));
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    numbers_.push_back(number);
  }

  std::vector<std::byte> bytes_;
  std::vector<float> numbers_;
  std::vector<float> scale_;
  std::vector<float> bias_;
  Linear layer_;
};

}  // namespace sketchscope::kernels
