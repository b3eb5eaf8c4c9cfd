// The layers of a step beside attention and linear layers, and the embedding of its tokens.
#include "kernels/cuda/launch.hpp"
#include "kernels/cuda/launch_kernel.cuh"
#include "kernels/cuda/weight_value.cuh"
#include "kernels/layers.hpp"

namespace sketchscope::kernels::cuda {
namespace {

/// Runs one block per row. Two passes keep a large mean from costing the variance its digits.
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

/// Computes the formulas of the processor (kernels/layers.hpp), the tanh form as x · sigmoid, which
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

template <class T>
__global__ void embed_kernel(Embedding embedding) {
  const int c = blockIdx.x * kThreads + threadIdx.x;
  const int width = embedding.tokens.inputs;
  if (c >= width) return;
  const int row = blockIdx.y;
  const auto token = static_cast<std::size_t>(embedding.rows[row].token);
  const auto position = static_cast<std::size_t>(embedding.rows[row].position);
  const float* scale = embedding.tokens.scale;
  const float weight = WeightsOfThread<T>(embedding.tokens, token, c % kWarp).at(c / kWarp);
  const float scaled = scale == nullptr ? weight : scale[token] * weight;
  embedding.output[static_cast<std::size_t>(row) * width + c] =
      embedding.positions == nullptr ? scaled : scaled + embedding.positions[position * width + c];
}

__global__ void add_numbers_kernel(float* sum, const float* summand, std::size_t count) {
  const std::size_t i = static_cast<std::size_t>(blockIdx.x) * kThreads + threadIdx.x;
  if (i < count) sum[i] += summand[i];
}

}  // namespace

void launch_layer_norm(const LayerNorm& layer, Stream stream) {
  if (layer.rows == 0) return;
  const auto blocks = static_cast<unsigned>(layer.rows);
  launch_kernel(layer_norm_kernel, {.blocks = blocks}, stream, "layer norm", layer);
}

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

void launch_embed(const Embedding& embedding, int rows, Stream stream) {
  if (rows == 0) return;
  const dim3 blocks(blocks_for(static_cast<std::size_t>(embedding.tokens.inputs)),
                    static_cast<unsigned>(rows));
  with_weight_type(embedding.tokens.type, [&](auto weight) {
    launch_kernel(embed_kernel<decltype(weight)>, {.blocks = blocks}, stream, "embedding",
                  embedding);
  });
}

void launch_add(float* sum, const float* summand, std::size_t count, Stream stream) {
  if (count == 0) return;
  launch_kernel(add_numbers_kernel, {.blocks = blocks_for(count)}, stream, "addition", sum, summand,
                count);
}

}  // namespace sketchscope::kernels::cuda
