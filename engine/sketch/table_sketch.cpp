#include "engine/sketch/table_sketch.hpp"

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

int TableSketch::bucket(int row, std::uint32_t id) const {
  return static_cast<int>(hashes_.bucket(row, id));
}

std::size_t TableSketch::bytes() const {
  return cells_.size() * sizeof(float) + hashes_.bytes();
}

}  // namespace sketchscope
