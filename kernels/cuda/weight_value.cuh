#pragma once

#include <cuda_bf16.h>
#include <cuda_fp16.h>

#include <cstdint>

#include "kernels/cuda/launch_kernel.cuh"
#include "kernels/kernel_error.hpp"
#include "kernels/layers.hpp"

namespace sketchscope::kernels::cuda {

__device__ inline float as_float(float weight) {
  return weight;
}
__device__ inline float as_float(std::int8_t weight) {
  return static_cast<float>(weight);
}
__device__ inline float as_float(__half weight) {
  return __half2float(weight);
}
__device__ inline float as_float(__nv_bfloat16 weight) {
  return __bfloat162float(weight);
}

/// Weights of one row of a layer, without the scale that the row may have: of every 32 of them the
/// one whose place is `place`, as the threads of a warp share them out.
template <class T>
class WeightsOfThread {
 public:
  WeightsOfThread() = default;
  __device__ WeightsOfThread(const Linear& layer, std::size_t row, int place)
      : first_(static_cast<const T*>(layer.weight) + row * layer.inputs + place) {}

  /// Returns the weight of the `step`-th 32.
  __device__ float at(int step) const { return as_float(first_[step * kWarp]); }
  /// Leaves the first `steps` behind.
  __device__ void move(int steps) { first_ += steps * kWarp; }

 private:
  const T* first_;
};

/// Calls `launch` with a value of the device type of weights of `type`.
template <class Launch>
void with_weight_type(WeightType type, const Launch& launch) {
  switch (type) {
    case WeightType::f32:
      launch(float{});
      break;
    case WeightType::f16:
      launch(__half{});
      break;
    case WeightType::bf16:
      launch(__nv_bfloat16{});
      break;
    case WeightType::int8:
      launch(std::int8_t{});
      break;
    case WeightType::q8_0:
    case WeightType::q4_0:
    case WeightType::q4_1:
      throw DeviceError("weights in blocks are multiplied on the processor alone");
  }
}

}  // namespace sketchscope::kernels::cuda
