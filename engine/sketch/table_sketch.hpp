#pragma once

#include <vector>

#include "engine/sketch/hash_family.hpp"
#include "engine/sketch/item_batch.hpp"
#include "engine/sketch/sketch.hpp"

namespace sketchscope {

/// What all sketches with a table of counters share; they differ in how items enter and how they
/// are estimated.
class TableSketch : public Sketch {
 public:
  void update(std::span<const SketchItem> batch) final;
  void scale(float factor) final;

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
  /// ε·N with ε = e/W: what foreign mass adds to a cell at most, except with probability 1/e.
  [[nodiscard]] double foreign_mass_bound() const;

  TableSketch(const SketchShape& shape, HashFamily::Draw draw);

  /// Enters distinct items, in order of id.
  virtual void add(std::span<const SketchItem> items, UpdateArena& arena) = 0;

  /// What an `add` without further thought does.
  void add_to_every_row(std::span<const SketchItem> items);

  [[nodiscard]] const HashFamily& hashes() const { return hashes_; }
  [[nodiscard]] std::size_t cell_index(int row, std::uint32_t id) const {
    return static_cast<std::size_t>(row) * static_cast<std::size_t>(hashes_.shape().width) +
           hashes_.bucket(row, id);
  }
  [[nodiscard]] float& cell(std::size_t index) { return cells_[index]; }
  [[nodiscard]] float cell(std::size_t index) const { return cells_[index]; }

 private:
  HashFamily hashes_;
  std::vector<float> cells_;  // (R, W)
  double total_mass_ = 0;
  bool approximate_ = false;
};

}  // namespace sketchscope
