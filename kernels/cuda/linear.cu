// Linear layer, with one warp per output for eight rows at a time: the warp reads a weight row in
// order, so that its loads are whole cache lines, and keeps one sum per row and thread.
#include "kernels/cuda/launch.hpp"
#include "kernels/cuda/launch_kernel.cuh"
#include "kernels/cuda/weight_value.cuh"

namespace sketchscope::cuda {
namespace {

constexpr int kRowsPerWarp = 8;
constexpr int kWarpsPerBlock = kThreads / kWarp;

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

}  // namespace

void launch_linear(const Linear& layer, const float* input, int rows, float* output,
                   Stream stream) {
  if (rows == 0 || layer.outputs == 0) return;
  with_weight_type(layer.type, [&](auto weight) {
    launch<decltype(weight)>(layer, input, rows, output, stream);
  });
}

}  // namespace sketchscope::cuda
