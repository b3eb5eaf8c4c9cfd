#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace sketchscope {

/// In bytes, of all processes.
struct CudaMemory {
  std::size_t used = 0;
  std::size_t total = 0;
};

/// The GPU that CUDA operations run on: the first that the driver shows.
struct CudaDevice {
  std::string name;
  CudaMemory memory;
};

/// Nothing where CUDA is not built or no device answers. The first call makes this process a user
/// of the device, which takes some of its memory.
[[nodiscard]] std::optional<CudaDevice> cuda_device();

/// Its memory now; nothing likewise.
[[nodiscard]] std::optional<CudaMemory> cuda_memory();

/// "cuda: not built", "cuda: built, no device" or "cuda: " and the device's name.
[[nodiscard]] std::string cuda_status();

}  // namespace sketchscope
