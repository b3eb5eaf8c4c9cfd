#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace sketchscope::kernels {

/// Memory of the GPU in bytes, over all processes that use it.
struct CudaMemory {
  std::size_t used = 0;
  std::size_t total = 0;
};

/// The GPU that CUDA operations run on: the first that the driver shows.
struct CudaDevice {
  std::string name;
  CudaMemory memory;
};

/// Returns the GPU, or nullopt where CUDA is not built or no device answers. The first call makes
/// this process a user of the device, which takes some of its memory.
[[nodiscard]] std::optional<CudaDevice> cuda_device();

/// Returns the current use of the GPU's memory, or nullopt where cuda_device() does.
[[nodiscard]] std::optional<CudaMemory> cuda_memory();

/// Returns "cuda: not built", "cuda: built, no device" or "cuda: " and the device's name.
[[nodiscard]] std::string cuda_status();

}  // namespace sketchscope::kernels
