#include "engine/sketch/sketch_size.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "engine/core/error.hpp"
#include "engine/core/text.hpp"

namespace sketchscope {
namespace {

void check_share(const char* what, double value) {
  if (value > 0 && value < 1) return;
  throw UsageError({.what = what,
                    .found = number_text(value),
                    .expected = "a number between 0 and 1, neither of them"});
}

}  // namespace

int suggested_width(double epsilon) {
  check_share("relative error of a sketch", epsilon);
  const double width = std::ceil(std::numbers::e / epsilon);
  return static_cast<int>(std::min<double>(width, std::numeric_limits<int>::max()));
}

int suggested_depth(double confidence) {
  check_share("confidence of a sketch", confidence);
  return std::max(1, static_cast<int>(std::ceil(-std::log1p(-confidence))));
}

}  // namespace sketchscope
