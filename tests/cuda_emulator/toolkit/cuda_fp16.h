#pragma once

// Stands in for the toolkit's header of that name.
#include "kernels/number_format.hpp"

using __half = sketchscope::kernels::Half;

inline float __half2float(__half half) {
  return sketchscope::kernels::to_float(half);
}

inline __half __float2half_rn(float value) {
  return {sketchscope::kernels::f16_from_float(value)};
}
