// Activation functions and gated linear units, with one thread per result.
#include "kernels/cuda/launch.hpp"
#include "kernels/cuda/launch_kernel.cuh"

namespace sketchscope::cuda {
namespace {

/// Computes the formulas of kernels/reference/activation.cpp, the tanh form as x · sigmoid, which
/// keeps its digits in the negative tail.
__device__ float activated(Activation function, float x) {
  switch (function) {
    case Activation::gelu:
      return 0.5F * x * erfcf(-0.707106781F * x);
    case Activation::gelu_new:
      return x / (1.0F + expf(-1.59576912F * (x + 0.044715F * x * x * x)));
    case Activation::relu:
      return x < 0.0F ? 0.0F : x;
    case Activation::silu:
      return x / (1.0F + expf(-x));
    case Activation::tanh:
      break;
  }
  return tanhf(x);
}

__global__ void activate_kernel(Activation function, float* values, std::size_t count) {
  const std::size_t i = static_cast<std::size_t>(blockIdx.x) * kThreads + threadIdx.x;
  if (i < count) values[i] = activated(function, values[i]);
}

__global__ void gate_kernel(Activation function, int width, const float* input, float* output) {
  const int c = blockIdx.x * kThreads + threadIdx.x;
  if (c >= width) return;
  const auto row = static_cast<std::size_t>(blockIdx.y);
  const float* gates = input + 2 * row * width;
  output[row * width + c] = activated(function, gates[c]) * gates[width + c];
}

}  // namespace

void launch_activate(Activation function, float* values, std::size_t count, Stream stream) {
  if (count == 0) return;
  launch_kernel(activate_kernel, {.blocks = blocks_for(count)}, stream, "activation", function,
                values, count);
}

void launch_gate(Activation function, int width, const float* input, float* output, int rows,
                 Stream stream) {
  if (rows == 0) return;
  const dim3 blocks(blocks_for(static_cast<std::size_t>(width)), static_cast<unsigned>(rows));
  launch_kernel(gate_kernel, {.blocks = blocks}, stream, "gate", function, width, input, output);
}

}  // namespace sketchscope::cuda
