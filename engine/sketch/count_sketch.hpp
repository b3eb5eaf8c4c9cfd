#pragma once

#include "engine/sketch/table_sketch.hpp"

namespace sketchscope {

/// Count-sketch (Charikar, Chen and Farach-Colton, 2002): an item adds its mass with a random sign
/// to one cell of each row; the median of its signed cells is its estimate, unbiased in each row
/// and wrong to either side. An even number of rows takes the mean of the middle two.
class CountSketch final : public TableSketch {
 public:
  explicit CountSketch(const SketchShape& shape)
      : TableSketch(shape, HashFamily::Draw::buckets_and_signs) {}

  [[nodiscard]] std::unique_ptr<Sketch> clone() const override;
  [[nodiscard]] float estimate(std::uint32_t id) const override;

 private:
  void add(std::span<const SketchItem> items, UpdateArena& arena) override;
};

}  // namespace sketchscope
