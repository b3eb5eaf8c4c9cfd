#pragma once

#include <cuda_runtime_api.h>

#include <string>

#include "kernels/kernel_error.hpp"

namespace sketchscope::kernels::cuda {

/// Throws DeviceError with the runtime's message unless `result` is success.
inline void check(cudaError_t result, const char* what) {
  if (result == cudaSuccess) return;
  throw DeviceError(std::string("cuda: ") + what + " failed: " + cudaGetErrorString(result));
}

}  // namespace sketchscope::kernels::cuda
