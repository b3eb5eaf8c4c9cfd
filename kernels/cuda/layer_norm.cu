// Layer norm, with one block per row. Two passes keep a large mean from costing the variance its
// digits.
#include "kernels/cuda/launch.hpp"
#include "kernels/cuda/launch_kernel.cuh"

namespace sketchscope::cuda {
namespace {

__global__ void layer_norm_kernel(LayerNorm layer) {
  const std::size_t start = static_cast<std::size_t>(blockIdx.x) * layer.width;
  const float* input = layer.input + start;

  float total = 0.0F;
  for (int c = threadIdx.x; c < layer.width; c += kThreads) total += input[c];
  const float mean = block_sum(total) / layer.width;

  float squares = 0.0F;
  for (int c = threadIdx.x; c < layer.width; c += kThreads) {
    squares += (input[c] - mean) * (input[c] - mean);
  }
  const float inverse = 1.0F / sqrtf(block_sum(squares) / layer.width + layer.epsilon);

  for (int c = threadIdx.x; c < layer.width; c += kThreads) {
    layer.output[start + c] = (input[c] - mean) * inverse * layer.scale[c] + layer.bias[c];
  }
}

}  // namespace

void launch_layer_norm(const LayerNorm& layer, Stream stream) {
  if (layer.rows == 0) return;
  const auto blocks = static_cast<unsigned>(layer.rows);
  launch_kernel(layer_norm_kernel, {.blocks = blocks}, stream, "layer norm", layer);
}

}  // namespace sketchscope::cuda
