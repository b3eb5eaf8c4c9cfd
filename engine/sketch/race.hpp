#pragma once

#include "engine/sketch/table_sketch.hpp"

namespace sketchscope {

/// The RACE sketch (Coleman and Shrivastava, arXiv 1912.02283): an item adds its mass to one cell
/// of each row, and the mean of its cells is its estimate, that is the mass of all items that
/// collide with it, averaged over the rows. With the key `key-lsh` this is a density of mass over
/// directions of keys.
class Race final : public TableSketch {
 public:
  explicit Race(const SketchShape& shape)
      : TableSketch(shape, {.update = SketchUpdate::add, .query = SketchQuery::mean}) {}

  [[nodiscard]] std::unique_ptr<Sketch> clone() const override;
  /// An estimate exceeds the truth by at most ε·N except with probability 1/e, for any number of
  /// rows (Markov's inequality on their mean), and is never below it.
  [[nodiscard]] ErrorBound error_bound() const override;
  [[nodiscard]] std::string_view kind() const override { return "race"; }
};

}  // namespace sketchscope
