#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace sketchscope {

/// The GPU that CUDA operations run on: the first that the driver shows.
struct CudaDevice {
  std::string name;
  std::size_t memory_used = 0;   ///< bytes, of all processes
  std::size_t memory_total = 0;  ///< bytes
};

/// Nothing where CUDA is not built or no device answers. The first call makes this process a user
/// of the device, which takes some of its memory.
[[nodiscard]] std::optional<CudaDevice> cuda_device();

/// "cuda: not built", "cuda: built, no device" or "cuda: " and the device's name.
[[nodiscard]] std::string cuda_status();

}  // namespace sketchscope
