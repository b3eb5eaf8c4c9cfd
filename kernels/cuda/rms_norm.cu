// Root-mean-square norm, with one block per row.
#include "kernels/cuda/launch.hpp"
#include "kernels/cuda/launch_kernel.cuh"

namespace sketchscope::kernels::cuda {
namespace {

__device__ std::size_t row_start(const GroupedRows& rows, int row) {
  return row / rows.per_group * rows.stride +
         static_cast<std::size_t>(row % rows.per_group) * rows.width;
}

__global__ void rms_norm_kernel(RmsNorm layer) {
  const std::size_t start = row_start(layer.rows_at, blockIdx.x);
  const int width = layer.rows_at.width;
  const float* input = layer.input + start;

  float squares = 0.0F;
  for (int c = threadIdx.x; c < width; c += kThreads) squares += input[c] * input[c];
  const float inverse = 1.0F / sqrtf(block_sum(squares) / width + layer.epsilon);

  for (int c = threadIdx.x; c < width; c += kThreads) {
    layer.output[start + c] = input[c] * inverse * layer.scale[c];
  }
}

}  // namespace

void launch_rms_norm(const RmsNorm& layer, Stream stream) {
  if (layer.rows_at.rows == 0) return;
  const auto blocks = static_cast<unsigned>(layer.rows_at.rows);
  launch_kernel(rms_norm_kernel, {.blocks = blocks}, stream, "rms norm", layer);
}

}  // namespace sketchscope::kernels::cuda
