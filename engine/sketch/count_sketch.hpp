#pragma once

#include "engine/sketch/table_sketch.hpp"

namespace sketchscope {

/// The count-sketch (Charikar, Chen and Farach-Colton, 2002): an item adds its mass with a random
/// sign to one cell of each row, and the median of its signed cells is its estimate. Each row is
/// unbiased, so errors have either sign. For an even number of rows the median is the mean of the
/// middle two.
class CountSketch final : public TableSketch {
 public:
  explicit CountSketch(const SketchShape& shape)
      : TableSketch(shape,
                    {.update = SketchUpdate::add_signed, .query = SketchQuery::signed_median}) {}

  [[nodiscard]] std::unique_ptr<Sketch> clone() const override;
  /// An estimate is off by at most √(3·F₂/W) to either side. A row exceeds this with probability
  /// 1/3 at most (Chebyshev's inequality), and the median only where half of the rows do. F₂, the
  /// sum of squared masses, is the median row's sum of squared counters.
  [[nodiscard]] ErrorBound error_bound() const override;
  [[nodiscard]] std::string_view kind() const override { return "count-sketch"; }
};

}  // namespace sketchscope
