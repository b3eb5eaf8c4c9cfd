#include "engine/sketch/table_sketch.hpp"

#include <algorithm>
#include <functional>
#include <numbers>
#include <string>

#include "engine/core/error.hpp"

namespace sketchscope {

TableSketch::TableSketch(const SketchShape& shape, HashFamily::Draw draw)
    : hashes_(shape, draw),
      cells_(static_cast<std::size_t>(shape.depth) * static_cast<std::size_t>(shape.width)) {}

void TableSketch::update(std::span<const SketchItem> batch) {
  UpdateArena arena;
  const std::pmr::vector<SketchItem> items = merged_items(batch, arena);
  for (const SketchItem& item : items) total_mass_ += item.mass;
  add(items, arena);
}

void TableSketch::scale(float factor) {
  for (float& cell : cells_) cell *= factor;
  total_mass_ *= factor;
}

void TableSketch::add_to_every_row(std::span<const SketchItem> items) {
  for (int row = 0; row < hashes_.shape().depth; ++row) {
    for (const SketchItem& item : items) cells_[cell_index(row, item.id)] += item.mass;
  }
}

void TableSketch::restore(std::span<const float> counters, double total_mass) {
  if (counters.size() != cells_.size()) {
    throw Error({.what = "saved counters of a sketch",
                 .found = std::to_string(counters.size()),
                 .expected = std::to_string(cells_.size())});
  }
  std::ranges::copy(counters, cells_.begin());
  total_mass_ = total_mass;
}

void TableSketch::add_counters(std::span<const float> counters, double total_mass) {
  std::ranges::transform(cells_, counters, cells_.begin(), std::plus<>());
  total_mass_ += total_mass;
}

double TableSketch::foreign_mass_bound() const {
  return std::numbers::e / hashes_.shape().width * total_mass_;
}

int TableSketch::bucket(int row, std::uint32_t id) const {
  return static_cast<int>(hashes_.bucket(row, id));
}

std::size_t TableSketch::bytes() const {
  return cells_.size() * sizeof(float) + hashes_.bytes();
}

}  // namespace sketchscope
