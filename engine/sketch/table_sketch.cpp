#include "engine/sketch/table_sketch.hpp"

#include <algorithm>
#include <functional>
#include <numbers>
#include <string>

#include "engine/core/error.hpp"

namespace sketchscope {
namespace {

HashFamily::Draw draw_for(const TableRule& rule) {
  return rule.update == SketchUpdate::add_signed ? HashFamily::Draw::buckets_and_signs
                                                 : HashFamily::Draw::buckets;
}

}  // namespace

TableSketch::TableSketch(const SketchShape& shape, TableRule rule)
    : rule_(rule),
      hashes_(shape, draw_for(rule)),
      cells_(static_cast<std::size_t>(shape.depth) * static_cast<std::size_t>(shape.width)) {}

void TableSketch::update(std::span<const SketchItem> batch) {
  UpdateArena arena;
  const std::pmr::vector<SketchItem> items = merged_items(batch, arena);
  for (const SketchItem& item : items) total_mass_ += item.mass;
  std::pmr::vector<float> room(items.size(), arena.resource());
  update_sketch(hashes_.rows(), rule_.update, items, cells_, room);
}

void TableSketch::estimate_all(std::span<const std::uint32_t> ids,
                               std::span<float> estimates) const {
  query_sketch(hashes_.rows(), rule_.query, cells_, ids, estimates);
}

void TableSketch::scale(float factor) {
  for (float& cell : cells_) cell *= factor;
  total_mass_ *= factor;
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
