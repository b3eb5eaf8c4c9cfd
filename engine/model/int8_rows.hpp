#pragma once

#include <cstdint>
#include <span>

namespace sketchscope::model {

/// A row-major matrix of 8-bit weights. Each weight represents the number scale[row] · weight.
struct Int8Rows {
  std::span<std::int8_t> weights;  // (rows, columns), in [−127, 127]
  std::span<float> scale;          // (rows)
};

/// Quantises `numbers` (rows, columns) into `target`, rounding to nearest; each row is scaled so
/// that its largest magnitude becomes 127. Throws Error on a number that is not finite.
void quantise_rows(std::span<const float> numbers, const Int8Rows& target);

}  // namespace sketchscope::model
