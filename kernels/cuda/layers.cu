// The layers of a step beside attention, and the embedding of its tokens.
#include <cuda_bf16.h>
#include <cuda_fp16.h>

#include <cstdint>

#include "kernels/cuda/launch.hpp"
#include "kernels/cuda/launch_kernel.cuh"
#include "kernels/kernel_error.hpp"
#include "kernels/layers.hpp"

namespace sketchscope::kernels::cuda {
namespace {

__device__ float weight_value(float weight) {
  return weight;
}
__device__ float weight_value(std::int8_t weight) {
  return static_cast<float>(weight);
}
__device__ float weight_value(__half weight) {
  return __half2float(weight);
}
__device__ float weight_value(__nv_bfloat16 weight) {
  return __bfloat162float(weight);
}

/// Calls `launch` with a value of the device type of weights of `type`.
template <class Launch>
void with_weight_type(WeightType type, const Launch& launch) {
  switch (type) {
    case WeightType::f32:
      launch(float{});
      break;
    case WeightType::f16:
      launch(__half{});
      break;
    case WeightType::bf16:
      launch(__nv_bfloat16{});
      break;
    case WeightType::int8:
      launch(std::int8_t{});
      break;
    case WeightType::q8_0:
    case WeightType::q4_0:
    case WeightType::q4_1:
      throw DeviceError("weights in blocks are multiplied on the processor alone");
  }
}

constexpr int kRowsPerWarp = 8;
constexpr int kWarpsPerBlock = kThreads / kWarp;

/// Runs one warp per output for eight rows at a time: the warp reads a weight row in order, so that
/// its loads are whole cache lines, and keeps one sum per row and thread.
template <class T>
__global__ void linear_kernel(const T* weight, const float* scale, const float* bias, int inputs,
                              int outputs, const float* input, int rows, float* output) {
  const int n = blockIdx.x * kWarpsPerBlock + threadIdx.x / kWarp;
  if (n >= outputs) return;
  const int first_row = blockIdx.y * kRowsPerWarp;
  const int row_count = min(kRowsPerWarp, rows - first_row);
  const T* weight_row = weight + static_cast<std::size_t>(n) * inputs;
  const float* input_rows = input + static_cast<std::size_t>(first_row) * inputs;

  float sums[kRowsPerWarp] = {};
  for (int k = threadIdx.x % kWarp; k < inputs; k += kWarp) {
    const float w = weight_value(weight_row[k]);
    for (int row = 0; row < kRowsPerWarp; ++row) {
      if (row < row_count) {
        sums[row] = fmaf(w, input_rows[static_cast<std::size_t>(row) * inputs + k], sums[row]);
      }
    }
  }
  for (int row = 0; row < kRowsPerWarp; ++row) {
    const float sum = warp_sum(sums[row]);
    if (row < row_count && threadIdx.x % kWarp == 0) {
      output[static_cast<std::size_t>(first_row + row) * outputs + n] =
          sum * (scale == nullptr ? 1.0F : scale[n]) + (bias == nullptr ? 0.0F : bias[n]);
    }
  }
}

template <class T>
void launch(const Linear& layer, const float* input, int rows, float* output, Stream stream) {
  const dim3 blocks(blocks_for(static_cast<std::size_t>(layer.outputs), kWarpsPerBlock),
                    blocks_for(static_cast<std::size_t>(rows), kRowsPerWarp));
  launch_kernel(linear_kernel<T>, {.blocks = blocks}, stream, "linear",
                static_cast<const T*>(layer.weight), layer.scale, layer.bias, layer.inputs,
                layer.outputs, input, rows, output);
}

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
  const float weight =
      weight_value(static_cast<const T*>(embedding.tokens.weight)[token * width + c]);
  const float scaled = scale == nullptr ? weight : scale[token] * weight;
  embedding.output[static_cast<std::size_t>(row) * width + c] =
      embedding.positions == nullptr ? scaled : scaled + embedding.positions[position * width + c];
}

__global__ void add_numbers_kernel(float* sum, const float* summand, std::size_t count) {
  const std::size_t i = static_cast<std::size_t>(blockIdx.x) * kThreads + threadIdx.x;
  if (i < count) sum[i] += summand[i];
}

}  // namespace

void launch_linear(const Linear& layer, const float* input, int rows, float* output,
                   Stream stream) {
  if (rows == 0 || layer.outputs == 0) return;
  with_weight_type(layer.type, [&](auto weight) {
    launch<decltype(weight)>(layer, input, rows, output, stream);
  });
}

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
