#include "engine/sketch/race.hpp"

#include <numbers>

namespace sketchscope {

std::unique_ptr<Sketch> Race::clone() const {
  return std::make_unique<Race>(*this);
}

float Race::estimate(std::uint32_t id) const {
  const int depth = hashes().shape().depth;
  double sum = 0;
  for (int row = 0; row < depth; ++row) sum += cell(cell_index(row, id));
  return static_cast<float>(sum / depth);
}

ErrorBound Race::error_bound() const {
  return {.above = foreign_mass_bound(), .failure = 1 / std::numbers::e};
}

void Race::add(std::span<const SketchItem> items, UpdateArena&) {
  add_to_every_row(items);
}

}  // namespace sketchscope
