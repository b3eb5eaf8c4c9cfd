// Rotary positions, with one thread per pair of numbers.
#include "kernels/cuda/launch.hpp"
#include "kernels/cuda/launch_kernel.cuh"

namespace sketchscope::kernels::cuda {
namespace {

__global__ void rotate_kernel(Rotary rotary) {
  const int index = blockIdx.x * kThreads + threadIdx.x;  // of (heads, R / 2)
  if (index >= rotary.heads * rotary.pairs) return;
  const int pair = index % rotary.pairs;
  const auto row = static_cast<std::size_t>(blockIdx.y);
  const float* rotation = rotary.rotations + row * 2 * rotary.pairs;
  const float cosine = rotation[pair];
  const float sine = rotation[rotary.pairs + pair];
  float* first = rotary.vectors + row * rotary.stride +
                 static_cast<std::size_t>(index / rotary.pairs) * rotary.head_width + pair;
  float* second = first + rotary.pairs;
  const float a = *first;
  const float b = *second;
  *first = a * cosine - b * sine;
  *second = b * cosine + a * sine;
}

}  // namespace

void launch_rotate(const Rotary& rotary, int rows, Stream stream) {
  const auto rotations =
      static_cast<std::size_t>(rotary.heads) * static_cast<std::size_t>(rotary.pairs);
  if (rows == 0 || rotations == 0) return;
  const dim3 blocks(blocks_for(rotations), static_cast<unsigned>(rows));
  launch_kernel(rotate_kernel, {.blocks = blocks}, stream, "rotary positions", rotary);
}

}  // namespace sketchscope::kernels::cuda
