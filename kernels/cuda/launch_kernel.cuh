#pragma once

#include "kernels/cuda/check.hpp"
#include "kernels/cuda/reduce.cuh"

namespace sketchscope::cuda {

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

}  // namespace sketchscope::cuda
