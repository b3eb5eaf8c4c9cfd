#include "kernels/layer_norm.hpp"

#include "kernels/cpu/operations.hpp"
#include "kernels/cpu/shape_check.hpp"

namespace sketchscope {

void cpu::layer_norm(const KernelSet& kernels, std::span<const float> input,
                     std::span<const float> scale, std::span<const float> shift, float epsilon,
                     std::span<float> output) {
  const std::size_t width = scale.size();
  expect_size("layer_norm: shift", shift.size(), width);
  expect_size("layer_norm: output", output.size(), input.size());
  if (input.empty()) return;
  if (width == 0 || input.size() % width != 0) {
    throw KernelError("layer_norm: " + std::to_string(input.size()) +
                      " inputs are no whole rows of " + std::to_string(width));
  }
  for (std::size_t start = 0; start < input.size(); start += width) {
    kernels.layer_norm({.input = input.data() + start,
                        .scale = scale.data(),
                        .shift = shift.data(),
                        .width = static_cast<int>(width),
                        .epsilon = epsilon,
                        .output = output.data() + start});
  }
}

void layer_norm(std::span<const float> input, std::span<const float> scale,
                std::span<const float> shift, float epsilon, std::span<float> output) {
  cpu::layer_norm(cpu::best_kernels(), input, scale, shift, epsilon, output);
}

}  // namespace sketchscope
