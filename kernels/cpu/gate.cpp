#include "kernels/gate.hpp"

#include "kernels/cpu/operations.hpp"
#include "kernels/shape_check.hpp"

namespace sketchscope {

void cpu::gate(const KernelSet& kernels, Activation function, int width,
               std::span<const float> input, std::span<float> output) {
  check_gate(width, input, output);
  const auto half = static_cast<std::size_t>(width);
  for (std::size_t row = 0; row * half < output.size(); ++row) {
    kernels.gate(function, {.input = input.data() + 2 * row * half,
                            .width = width,
                            .output = output.data() + row * half});
  }
}

void gate(Activation function, int width, std::span<const float> input, std::span<float> output) {
  cpu::gate(cpu::best_kernels(), function, width, input, output);
}

}  // namespace sketchscope
