#include "engine/sketch/conservative_count_min.hpp"

#include <algorithm>
#include <limits>

namespace sketchscope {

std::unique_ptr<Sketch> ConservativeCountMin::clone() const {
  return std::make_unique<ConservativeCountMin>(*this);
}

void ConservativeCountMin::add(std::span<const SketchItem> items, UpdateArena& arena) {
  const int depth = hashes().shape().depth;
  std::pmr::vector<std::uint32_t> places(arena.resource());  // (items, R)
  places.reserve(items.size() * static_cast<std::size_t>(depth));
  std::pmr::vector<float> raised(arena.resource());  // (items)
  raised.reserve(items.size());
  for (const SketchItem& item : items) {
    float estimate = std::numeric_limits<float>::infinity();
    for (int row = 0; row < depth; ++row) {
      places.push_back(static_cast<std::uint32_t>(cell_index(row, item.id)));
      estimate = std::min(estimate, cell(places.back()));
    }
    raised.push_back(estimate + item.mass);
  }

  auto place = places.begin();
  for (const float level : raised) {
    for (int row = 0; row < depth; ++row, ++place) cell(*place) = std::max(cell(*place), level);
  }
}

}  // namespace sketchscope
