#pragma once

#include "engine/sketch/table_sketch.hpp"

namespace sketchscope {

/// The count-min sketch (Cormode and Muthukrishnan, 2005): an item adds its mass to one cell of
/// each row, and the minimum of its cells is its estimate, which is never below the true mass.
class CountMin : public TableSketch {
 public:
  explicit CountMin(const SketchShape& shape) : CountMin(shape, SketchUpdate::add) {}

  [[nodiscard]] std::unique_ptr<Sketch> clone() const override;
  /// An estimate exceeds the truth by at most ε·N except with probability e^−R, since all rows must
  /// fail, and is never below it.
  [[nodiscard]] ErrorBound error_bound() const final;
  [[nodiscard]] std::string_view kind() const override { return "count-min"; }

 protected:
  CountMin(const SketchShape& shape, SketchUpdate update)
      : TableSketch(shape, {.update = update, .query = SketchQuery::min}) {}
};

/// Count-min with conservative update (Estan and Varghese, 2002), applied to a whole batch: all
/// estimates are read before any write, then each cell rises to the largest estimate + mass of its
/// items.
///
/// Rounding to float never reverses an order, so estimates lie between the exact sums and those of
/// count-min bit for bit, not only up to rounding.
class ConservativeCountMin final : public CountMin {
 public:
  explicit ConservativeCountMin(const SketchShape& shape)
      : CountMin(shape, SketchUpdate::conservative) {}

  [[nodiscard]] std::unique_ptr<Sketch> clone() const override;
  [[nodiscard]] std::string_view kind() const override { return "count-min-conservative"; }
};

}  // namespace sketchscope
