#include "kernels/linear.hpp"

#include "kernels/number_format.hpp"

namespace sketchscope::reference {
namespace {

double weight_at(const Linear& layer, std::size_t index) {
  switch (layer.type) {
    case WeightType::int8: {
      const std::size_t row = index / static_cast<std::size_t>(layer.inputs);
      return static_cast<double>(layer.scale[row]) *
             static_cast<const std::int8_t*>(layer.weight)[index];
    }
    case WeightType::f16:
      return to_float(static_cast<const Half*>(layer.weight)[index]);
    case WeightType::bf16:
      return to_float(static_cast<const Bfloat16*>(layer.weight)[index]);
    case WeightType::f32:
      break;
  }
  return static_cast<const float*>(layer.weight)[index];
}

}  // namespace

void linear(const Linear& layer, std::span<const float> input, int rows, std::span<float> output) {
  const auto inputs = static_cast<std::size_t>(layer.inputs);
  const auto outputs = static_cast<std::size_t>(layer.outputs);
  for (std::size_t row = 0; row < static_cast<std::size_t>(rows); ++row) {
    for (std::size_t n = 0; n < outputs; ++n) {
      double sum = layer.bias == nullptr ? 0.0 : layer.bias[n];
      for (std::size_t k = 0; k < inputs; ++k) {
        sum += weight_at(layer, n * inputs + k) * input[row * inputs + k];
      }
      output[row * outputs + n] = static_cast<float>(sum);
    }
  }
}

}  // namespace sketchscope::reference
