#pragma once

#include "engine/sketch/table_sketch.hpp"

namespace sketchscope {

/// RACE (Coleman and Shrivastava, 2020): an item adds to one cell of each row, and the mean of its
/// cells is its estimate: the mass of everything that collides with it, averaged over the rows.
/// With the key `key-lsh` that is a density of mass over directions of keys. Never below the truth.
class Race final : public TableSketch {
 public:
  explicit Race(const SketchShape& shape) : TableSketch(shape, HashFamily::Draw::buckets) {}

  [[nodiscard]] std::unique_ptr<Sketch> clone() const override;
  [[nodiscard]] float estimate(std::uint32_t id) const override;
  /// Above by at most ε·N except with probability 1/e, whatever the number of rows (Markov's
  /// inequality on their mean); never below.
  [[nodiscard]] ErrorBound error_bound() const override;
  [[nodiscard]] std::string_view kind() const override { return "race"; }

 private:
  void add(std::span<const SketchItem> items, UpdateArena& arena) override;
};

}  // namespace sketchscope
