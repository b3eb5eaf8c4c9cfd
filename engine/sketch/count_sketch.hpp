#pragma once

#include "engine/sketch/table_sketch.hpp"

namespace sketchscope {

/// Count-sketch (Charikar, Chen and Farach-Colton, 2002): an item adds its mass with a random sign
/// to one cell of each row; the median of its signed cells is its estimate, unbiased in each row
/// and wrong to either side. An even number of rows takes the mean of the middle two.
class CountSketch final : public TableSketch {
 public:
  explicit CountSketch(const SketchShape& shape)
      : TableSketch(shape,
                    {.update = SketchUpdate::add_signed, .query = SketchQuery::signed_median}) {}

  [[nodiscard]] std::unique_ptr<Sketch> clone() const override;
  /// To either side by at most √(3·F₂/W), which a row keeps except with probability 1/3
  /// (Chebyshev's inequality); the median fails where half of the rows do. F₂, the sum of squared
  /// masses, is the median row's sum of squared counters.
  [[nodiscard]] ErrorBound error_bound() const override;
  [[nodiscard]] std::string_view kind() const override { return "count-sketch"; }
};

}  // namespace sketchscope
