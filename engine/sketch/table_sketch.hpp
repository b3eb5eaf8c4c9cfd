#pragma once

#include <vector>

#include "engine/sketch/hash_family.hpp"
#include "engine/sketch/item_batch.hpp"
#include "engine/sketch/sketch.hpp"

namespace sketchscope {

/// The rules by which items enter a table and are estimated from it.
struct TableRule {
  SketchUpdate update = SketchUpdate::add;
  SketchQuery query = SketchQuery::min;
};

/// The common part of all sketches with a table of counters; they differ in their rule and its
/// error bound.
class TableSketch : public Sketch {
 public:
  void update(std::span<const SketchItem> batch) final;
  void scale(float factor) final;
  void estimate_all(std::span<const std::uint32_t> ids, std::span<float> estimates) const final;

  [[nodiscard]] SketchShape shape() const final { return hashes_.shape(); }
  [[nodiscard]] std::span<const float> cells() const final { return cells_; }
  [[nodiscard]] int bucket(int row, std::uint32_t id) const final;
  [[nodiscard]] double total_mass() const final { return total_mass_; }
  [[nodiscard]] std::size_t bytes() const final;
  [[nodiscard]] bool approximate() const final { return approximate_; }
  void mark_approximate() final { approximate_ = true; }
  [[nodiscard]] std::span<const float> counters() const final { return cells_; }
  void restore(std::span<const float> counters, double total_mass) final;

 protected:
  void add_counters(std::span<const float> counters, double total_mass) final;
  /// Returns ε·N with ε = e/W, which the mass of colliding items in a cell exceeds with probability
  /// 1/e at most.
  [[nodiscard]] double foreign_mass_bound() const;

  TableSketch(const SketchShape& shape, TableRule rule);

 private:
  TableRule rule_;
  HashFamily hashes_;
  std::vector<float> cells_;  // (R, W)
  double total_mass_ = 0;
  bool approximate_ = false;
};

}  // namespace sketchscope
