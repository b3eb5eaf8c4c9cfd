// One warp per output, for eight rows at a time: the warp reads a weight row in order, so its loads
// are whole cache lines, and keeps one sum per row and thread.
#include "kernels/cuda/launch.hpp"
#include "kernels/cuda/memory.hpp"
#include "kernels/cuda/reduce.cuh"

#include <cuda_bf16.h>
#include <cuda_fp16.h>

#include <cstdint>

namespace sketchscope::cuda {
namespace {

constexpr int kRowsPerWarp = 8;
constexpr int kWarpsPerBlock = kThreads / kWarp;

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
void launch(const Linear& layer, const float* input, int rows, float* output, cudaStream_t stream) {
  const dim3 blocks((layer.outputs + kWarpsPerBlock - 1) / kWarpsPerBlock,
                    (rows + kRowsPerWarp - 1) / kRowsPerWarp);
  linear_kernel<<<blocks, kThreads, 0, stream>>>(static_cast<const T*>(layer.weight), layer.scale,
                                                 layer.bias, layer.inputs, layer.outputs, input,
                                                 rows, output);
}

}  // namespace

void launch_linear(const Linear& layer, const float* input, int rows, float* output,
                   cudaStream_t stream) {
  if (rows == 0 || layer.outputs == 0) return;
  switch (layer.type) {
    case WeightType::f32:
      launch<float>(layer, input, rows, output, stream);
      break;
    case WeightType::f16:
      launch<__half>(layer, input, rows, output, stream);
      break;
    case WeightType::bf16:
      launch<__nv_bfloat16>(layer, input, rows, output, stream);
      break;
    case WeightType::int8:
      launch<std::int8_t>(layer, input, rows, output, stream);
      break;
  }
  check(cudaGetLastError(), "linear");
}

}  // namespace sketchscope::cuda
