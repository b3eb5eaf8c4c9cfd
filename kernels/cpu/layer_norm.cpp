#include "kernels/layer_norm.hpp"

#include "kernels/cpu/operations.hpp"
#include "kernels/shape_check.hpp"

namespace sketchscope {

void cpu::layer_norm(const KernelSet& kernels, std::span<const float> input,
                     std::span<const float> scale, std::span<const float> bias, float epsilon,
                     std::span<float> output) {
  check_layer_norm(input, scale, bias, output);
  const std::size_t width = scale.size();
  for (std::size_t start = 0; start < input.size(); start += width) {
    kernels.layer_norm({.input = input.data() + start,
                        .scale = scale.data(),
                        .bias = bias.data(),
                        .width = static_cast<int>(width),
                        .epsilon = epsilon,
                        .output = output.data() + start});
  }
}

void layer_norm(std::span<const float> input, std::span<const float> scale,
                std::span<const float> bias, float epsilon, std::span<float> output) {
  cpu::layer_norm(cpu::best_kernels(), input, scale, bias, epsilon, output);
}

}  // namespace sketchscope
