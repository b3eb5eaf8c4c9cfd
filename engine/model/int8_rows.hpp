#pragma once

#include <cstdint>
#include <span>

namespace sketchscope::model {

/// A matrix of 8-bit weights, row by row: number = scale[row] · weight.
struct Int8Rows {
  std::span<std::int8_t> weights;  // (N, K), in [−127, 127]
  std::span<float> scale;          // (N)
};

/// Rounds `numbers` (N, K) to nearest, with the largest magnitude of a row becoming 127. Throws
/// Error on a number that is not finite.
void quantise_rows(std::span<const float> numbers, const Int8Rows& target);

}  // namespace sketchscope::model
