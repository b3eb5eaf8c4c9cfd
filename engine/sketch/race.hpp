#pragma once

#include "engine/sketch/table_sketch.hpp"

namespace sketchscope {

/// RACE (Coleman and Shrivastava, 2020): an item adds to one cell of each row, and the mean of its
/// cells is its estimate: the mass of everything that collides with it, averaged over the rows.
/// With the key `key-lsh` that is a density of mass over directions of keys. Never below the truth.
class Race final : public TableSketch {
 public:
  explicit Race(const SketchShape& shape)
      : TableSketch(shape, {.update = SketchUpdate::add, .query = SketchQuery::mean}) {}

  [[nodiscard]] std::unique_ptr<Sketch> clone() const override;
  /// Above by at most ε·N except with probability 1/e, whatever the number of rows (Markov's
  /// inequality on their mean); never below.
  [[nodiscard]] ErrorBound error_bound() const override;
  [[nodiscard]] std::string_view kind() const override { return "race"; }
};

}  // namespace sketchscope
