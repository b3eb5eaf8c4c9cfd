#pragma once

#include <cuda_fp16.h>

#include "kernels/kv_format.hpp"

namespace sketchscope::kernels::cuda {

/// Returns number `d` of a stored vector.
__device__ inline float stored_number(KvFormat format, const std::byte* vector, int d) {
  switch (format) {
    case KvFormat::f32:
      return reinterpret_cast<const float*>(vector)[d];
    case KvFormat::f16:
      return __half2float(reinterpret_cast<const __half*>(vector)[d]);
    case KvFormat::int8: {
      const auto* codes = reinterpret_cast<const signed char*>(vector + kCodesAt);
      return *reinterpret_cast<const float*>(vector) * codes[d];
    }
    case KvFormat::int4:
      break;
  }
  const std::byte* group = vector + d / kInt4Group * kInt4GroupBytes;
  const auto* range = reinterpret_cast<const __half*>(group);  // lowest, step
  const auto* pairs = reinterpret_cast<const unsigned char*>(group + kCodesAt);
  const int pair = pairs[d % kInt4Group / 2];
  const int code = d % 2 == 0 ? pair & 15 : pair >> 4;
  return fmaf(__half2float(range[1]), static_cast<float>(code), __half2float(range[0]));
}

}  // namespace sketchscope::kernels::cuda
