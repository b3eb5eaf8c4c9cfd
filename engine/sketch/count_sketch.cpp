#include "engine/sketch/count_sketch.hpp"

#include <algorithm>
#include <array>

namespace sketchscope {

std::unique_ptr<Sketch> CountSketch::clone() const {
  return std::make_unique<CountSketch>(*this);
}

float CountSketch::estimate(std::uint32_t id) const {
  const int depth = hashes().shape().depth;
  std::array<std::byte, 256> stack;
  std::pmr::monotonic_buffer_resource memory(stack.data(), stack.size());
  std::pmr::vector<float> rows(&memory);
  rows.reserve(static_cast<std::size_t>(depth));
  for (int row = 0; row < depth; ++row) {
    rows.push_back(hashes().sign(row, id) * cell(cell_index(row, id)));
  }
  std::ranges::sort(rows);
  const std::size_t upper = rows.size() / 2;
  return rows.size() % 2 == 1 ? rows[upper] : (rows[upper - 1] + rows[upper]) / 2;
}

void CountSketch::add(std::span<const SketchItem> items, UpdateArena&) {
  for (int row = 0; row < hashes().shape().depth; ++row) {
    for (const SketchItem& item : items) {
      cell(cell_index(row, item.id)) += hashes().sign(row, item.id) * item.mass;
    }
  }
}

}  // namespace sketchscope
