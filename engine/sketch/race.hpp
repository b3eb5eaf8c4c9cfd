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

 private:
  void add(std::span<const SketchItem> items, UpdateArena& arena) override;
};

}  // namespace sketchscope
