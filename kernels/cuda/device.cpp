#include <cuda_runtime_api.h>

#include "kernels/cuda_device.hpp"

namespace sketchscope {
namespace {

constexpr int kDevice = 0;

/// Returns nullopt where no device answers. Does not initialise the device.
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
  if (!name || cudaSetDevice(kDevice) != cudaSuccess) return std::nullopt;
  const auto memory = cuda_memory();
  if (!memory) return std::nullopt;
  return CudaDevice{.name = *name, .memory = *memory};
}

std::optional<CudaMemory> cuda_memory() {
  std::size_t available = 0;
  std::size_t total = 0;
  if (cudaMemGetInfo(&available, &total) != cudaSuccess) return std::nullopt;
  return CudaMemory{.used = total - available, .total = total};
}

std::string cuda_status() {
  const auto name = device_name();
  return name ? "cuda: " + *name : "cuda: built, no device";
}

}  // namespace sketchscope
