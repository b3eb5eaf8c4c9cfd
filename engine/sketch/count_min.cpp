#include "engine/sketch/count_min.hpp"

#include <algorithm>
#include <cmath>

namespace sketchscope {

std::unique_ptr<Sketch> CountMin::clone() const {
  return std::make_unique<CountMin>(*this);
}

float CountMin::estimate(std::uint32_t id) const {
  float smallest = cell(cell_index(0, id));
  for (int row = 1; row < hashes().shape().depth; ++row) {
    smallest = std::min(smallest, cell(cell_index(row, id)));
  }
  return smallest;
}

ErrorBound CountMin::error_bound() const {
  return {.above = foreign_mass_bound(), .failure = std::exp(-hashes().shape().depth)};
}

void CountMin::add(std::span<const SketchItem> items, UpdateArena&) {
  add_to_every_row(items);
}

}  // namespace sketchscope
