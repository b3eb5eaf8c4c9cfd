#include "engine/model/int8_rows.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "engine/core/error.hpp"

namespace sketchscope::model {
namespace {

constexpr float kLargestWeight = 127.0F;

float magnitude_of(std::span<const float> row) {
  float largest = 0.0F;
  for (const float number : row) {
    if (!std::isfinite(number)) {
      throw core::Error({.what = "a weight cannot be held in 8 bits",
                         .found = std::to_string(number),
                         .expected = "a finite number",
                         .remedy = "load the model with --dtype f32"});
    }
    largest = std::max(largest, std::abs(number));
  }
  return largest;
}

}  // namespace

void quantise_rows(std::span<const float> numbers, const Int8Rows& target) {
  const std::size_t width = numbers.size() / std::max<std::size_t>(target.scale.size(), 1);
  for (std::size_t n = 0; n < target.scale.size(); ++n) {
    const auto row = numbers.subspan(n * width, width);
    const float scale = magnitude_of(row) / kLargestWeight;
    target.scale[n] = scale;
    std::ranges::transform(
        row, target.weights.begin() + static_cast<std::ptrdiff_t>(n * width),
        [scale](float number) {
          return static_cast<std::int8_t>(
              scale > 0 ? std::lrint(std::clamp(number / scale, -kLargestWeight, kLargestWeight))
                        : 0);
        });
  }
}

}  // namespace sketchscope::model
