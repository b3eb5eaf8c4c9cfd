#include <cuda_runtime_api.h>

#include "kernels/cuda_device.hpp"

namespace sketchscope {
namespace {

constexpr int kDevice = 0;

/// Empty where no device answers. Does not touch the device itself.
std::optional<std::string> device_name() {
  int count = 0;
  cudaDeviceProp properties{};
  if (cudaGetDeviceCount(&count) != cudaSuccess || count == 0 ||
      cudaGetDeviceProperties(&properties, kDevice) != cudaSuccess) {
    return std::nullopt;
  }
  return properties.name;
}

}  // namespace

std::optional<CudaDevice> cuda_device() {
  const auto name = device_name();
  std::size_t available = 0;
  std::size_t total = 0;
  if (!name || cudaSetDevice(kDevice) != cudaSuccess ||
      cudaMemGetInfo(&available, &total) != cudaSuccess) {
    return std::nullopt;
  }
  return CudaDevice{.name = *name, .memory_used = total - available, .memory_total = total};
}

std::string cuda_status() {
  const auto name = device_name();
  return name ? "cuda: " + *name : "cuda: built, no device";
}

}  // namespace sketchscope
