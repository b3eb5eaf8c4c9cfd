#include "kernels/rms_norm.hpp"

#include "kernels/cpu/operations.hpp"
#include "kernels/shape_check.hpp"

namespace sketchscope {

void cpu::rms_norm(const KernelSet& kernels, std::span<const float> input,
                   std::span<const float> scale, float epsilon, std::span<float> output) {
  check_rms_norm(input, scale, output);
  const std::size_t width = scale.size();
  for (std::size_t start = 0; start < input.size(); start += width) {
    kernels.rms_norm({.input = input.data() + start,
                      .scale = scale.data(),
                      .width = static_cast<int>(width),
                      .epsilon = epsilon,
                      .output = output.data() + start});
  }
}

void rms_norm(std::span<const float> input, std::span<const float> scale, float epsilon,
              std::span<float> output) {
  cpu::rms_norm(cpu::best_kernels(), input, scale, epsilon, output);
}

}  // namespace sketchscope
