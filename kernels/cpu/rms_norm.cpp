#include "kernels/rms_norm.hpp"

#include "kernels/cpu/kernel_set.hpp"
#include "kernels/shape_check.hpp"

namespace sketchscope::kernels {

void rms_norm(std::span<const float> input, std::span<const float> scale, float epsilon,
              std::span<float> output, const cpu::KernelSet& kernels) {
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

}  // namespace sketchscope::kernels
