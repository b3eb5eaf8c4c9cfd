#include "kernels/gate.hpp"

#include "kernels/cpu/kernel_set.hpp"
#include "kernels/shape_check.hpp"

namespace sketchscope::kernels {

void gate(Activation function, int width, std::span<const float> input, std::span<float> output,
          const cpu::KernelSet& kernels) {
  check_gate(width, input, output);
  const auto half = static_cast<std::size_t>(width);
  for (std::size_t row = 0; row * half < output.size(); ++row) {
    kernels.gate(function, {.input = input.data() + 2 * row * half,
                            .width = width,
                            .output = output.data() + row * half});
  }
}

}  // namespace sketchscope::kernels
