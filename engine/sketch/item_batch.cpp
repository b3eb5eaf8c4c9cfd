#include "engine/sketch/item_batch.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>

namespace sketchscope {
namespace {

// Masses are not negative, so their bits order as they do: one integer sorts by id, then by mass.
std::uint64_t packed(const SketchItem& item) {
  return std::uint64_t{item.id} << 32 | std::bit_cast<std::uint32_t>(item.mass);
}

SketchItem unpacked(std::uint64_t key) {
  return {.id = static_cast<std::uint32_t>(key >> 32),
          .mass = std::bit_cast<float>(static_cast<std::uint32_t>(key))};
}

}  // namespace

std::pmr::vector<SketchItem> merged_items(std::span<const SketchItem> batch, UpdateArena& arena) {
  std::pmr::vector<std::uint64_t> keys(batch.size(), arena.resource());
  std::ranges::transform(batch, keys.begin(), packed);
  std::ranges::sort(keys);

  std::pmr::vector<SketchItem> merged(arena.resource());
  merged.reserve(keys.size());
  for (auto key = keys.begin(); key != keys.end();) {
    const SketchItem first = unpacked(*key);
    double mass = first.mass;
    for (++key; key != keys.end() && unpacked(*key).id == first.id; ++key) {
      mass += unpacked(*key).mass;
    }
    merged.push_back({.id = first.id, .mass = static_cast<float>(mass)});
  }
  return merged;
}

}  // namespace sketchscope
