#pragma once

#include <cmath>

namespace sketchscope::core {

/// Returns ln(e^a + e^b) without overflow; −∞ stands for ln 0.
inline double log_add(double a, double b) {
  const double larger = a > b ? a : b;
  return std::isinf(larger) ? larger : larger + std::log1p(std::exp(-std::abs(a - b)));
}

}  // namespace sketchscope::core
