#include "kernels/activation.hpp"

#include "kernels/cpu/operations.hpp"

namespace sketchscope {

void cpu::activate(const KernelSet& kernels, Activation function, std::span<float> values) {
  kernels.activate(function, values.data(), static_cast<int>(values.size()));
}

void activate(Activation function, std::span<float> values) {
  cpu::activate(cpu::best_kernels(), function, values);
}

}  // namespace sketchscope
