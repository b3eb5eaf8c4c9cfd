#pragma once

#include <cstddef>
#include <span>

namespace sketchscope {

/// Vectors of one width that lie `stride` numbers apart: some columns of each row of a matrix.
struct StridedRows {
  std::span<const float> numbers;  // from the first number of the first vector on
  std::size_t width = 0;
  std::size_t stride = 0;  // numbers from one vector to the next, at least `width`

  /// Returns vector `index`.
  [[nodiscard]] std::span<const float> row(std::size_t index) const {
    return numbers.subspan(index * stride, width);
  }
};

}  // namespace sketchscope
