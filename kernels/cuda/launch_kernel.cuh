#pragma once

#include "kernels/cuda/check.hpp"

namespace sketchscope::kernels::cuda {

inline constexpr int kThreads = 256;
inline constexpr int kWarp = 32;
inline constexpr unsigned kWholeWarp = 0xFFFFFFFFU;

/// Returns the sum over a warp to every thread.
__device__ inline float warp_sum(float value) {
  for (int distance = kWarp / 2; distance > 0; distance /= 2) {
    value += __shfl_xor_sync(kWholeWarp, value, distance);
  }
  return value;
}

/// Returns the largest value of a warp to every thread.
__device__ inline float warp_largest(float value) {
  for (int distance = kWarp / 2; distance > 0; distance /= 2) {
    value = fmaxf(value, __shfl_xor_sync(kWholeWarp, value, distance));
  }
  return value;
}

/// Combines one value per thread of a block of kThreads, pairwise and always in the same order;
/// every thread receives the result.
template <class T, class Combine>
__device__ T block_combine(T value, Combine combine) {
  __shared__ T values[kThreads];
  values[threadIdx.x] = value;
  __syncthreads();
  for (int half = kThreads / 2; half > 0; half /= 2) {
    if (threadIdx.x < half) {
      values[threadIdx.x] = combine(values[threadIdx.x], values[threadIdx.x + half]);
    }
    __syncthreads();
  }
  const T result = values[0];
  __syncthreads();  // before the next call writes
  return result;
}

template <class T>
__device__ T block_sum(T value) {
  return block_combine(value, [](T a, T b) { return a + b; });
}

__device__ inline float block_largest(float value) {
  return block_combine(value, [](float a, float b) { return a > b ? a : b; });
}

/// Writes the softmax of `count` scores and returns ln Σ e^score to every thread of the block,
/// which has kThreads.
__device__ inline double block_softmax(const float* scores, int count, float* probability) {
  float largest = -INFINITY;
  for (int i = threadIdx.x; i < count; i += kThreads) largest = fmaxf(largest, scores[i]);
  largest = block_largest(largest);
  double total = 0.0;
  for (int i = threadIdx.x; i < count; i += kThreads) {
    probability[i] = expf(scores[i] - largest);
    total += probability[i];
  }
  total = block_sum(total);
  const auto factor = static_cast<float>(1.0 / total);
  for (int i = threadIdx.x; i < count; i += kThreads) probability[i] *= factor;
  return largest + log(total);
}

/// The blocks and threads that run a kernel.
struct Grid {
  dim3 blocks = 1;
  unsigned threads = kThreads;  // of a block
};

/// Returns the number of blocks that hold `elements` elements, `per_block` in each.
inline unsigned blocks_for(std::size_t elements, int per_block = kThreads) {
  const auto share = static_cast<std::size_t>(per_block);
  return static_cast<unsigned>((elements + share - 1) / share);
}

/// Queues `kernel` on `stream`; `name` stands for it in errors. Launches call a runtime function
/// instead of using the <<<>>> syntax, so that tests can run them without a GPU.
template <class... Parameters, class... Arguments>
void launch_kernel(void (*kernel)(Parameters...), const Grid& grid, cudaStream_t stream,
                   const char* name, const Arguments&... arguments) {
  cudaLaunchConfig_t config{};
  config.gridDim = grid.blocks;
  config.blockDim = dim3(grid.threads);
  config.stream = stream;
  check(cudaLaunchKernelEx(&config, kernel, arguments...), name);
}

}  // namespace sketchscope::kernels::cuda
