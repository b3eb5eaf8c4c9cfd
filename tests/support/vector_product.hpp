#pragma once

#include <numeric>
#include <vector>

namespace sketchscope::support {

/// Returns the scalar product, summed in ascending order.
inline double dot(const std::vector<double>& left, const std::vector<double>& right) {
  return std::inner_product(left.begin(), left.end(), right.begin(), 0.0);
}

}  // namespace sketchscope::support
