#pragma once

// Stands in for the toolkit's header of that name.
#include "kernels/number_format.hpp"

using __nv_bfloat16 = sketchscope::kernels::Bfloat16;

inline float __bfloat162float(__nv_bfloat16 value) {
  return sketchscope::kernels::to_float(value);
}
