#pragma once

// Stands in for the toolkit's header of that name.
#include "kernels/number_format.hpp"

using __half = sketchscope::Half;

inline float __half2float(__half half) {
  return sketchscope::to_float(half);
}

inline __half __float2half_rn(float value) {
  return {sketchscope::f16_from_float(value)};
}
