#pragma once

#include <cuda_bf16.h>
#include <cuda_fp16.h>

#include <cstdint>

#include "kernels/layers.hpp"

namespace sketchscope::cuda {

__device__ inline float weight_value(float weight) {
  return weight;
}
__device__ inline float weight_value(std::int8_t weight) {
  return static_cast<float>(weight);
}
__device__ inline float weight_value(__half weight) {
  return __half2float(weight);
}
__device__ inline float weight_value(__nv_bfloat16 weight) {
  return __bfloat162float(weight);
}

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
  }
}

}  // namespace sketchscope::cuda
