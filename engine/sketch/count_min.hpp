#pragma once

#include "engine/sketch/table_sketch.hpp"

namespace sketchscope {

/// Count-min (Cormode and Muthukrishnan, 2005): an item adds to one cell of each row; the smallest
/// of its cells is its estimate, which never falls below the truth.
class CountMin : public TableSketch {
 public:
  explicit CountMin(const SketchShape& shape) : CountMin(shape, SketchUpdate::add) {}

  [[nodiscard]] std::unique_ptr<Sketch> clone() const override;
  /// Above by at most ε·N except with probability e^−R, as all rows must fail; never below.
  [[nodiscard]] ErrorBound error_bound() const final;
  [[nodiscard]] std::string_view kind() const override { return "count-min"; }

 protected:
  CountMin(const SketchShape& shape, SketchUpdate update)
      : TableSketch(shape, {.update = update, .query = SketchQuery::smallest}) {}
};

}  // namespace sketchscope
