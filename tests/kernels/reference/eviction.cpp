#include "tests/kernels/reference/reference.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "kernels/shape_check.hpp"

namespace sketchscope::kernels::reference {
namespace {

// SplitMix64's first output with the item as its state.
std::uint64_t split_mix(std::uint64_t item) {
  item += 0x9E3779B97F4A7C15ULL;
  item ^= item >> 30;
  item *= 0xBF58476D1CE4E5B9ULL;
  item ^= item >> 27;
  item *= 0x94D049BB133111EBULL;
  item ^= item >> 31;
  return item;
}

std::uint64_t hash_of(const SketchHash& hash, SketchInput input, std::uint32_t id) {
  const std::uint64_t x = input == SketchInput::mixed ? split_mix(id) % SketchHash::kPrime : id;
  return (hash.a * x + hash.b) % SketchHash::kPrime;
}

std::size_t cell_of(const SketchRows& rows, std::size_t row, std::uint32_t id) {
  return row * rows.width + hash_of(rows.buckets[row], rows.input, id) % rows.width;
}

float sign_of(const SketchRows& rows, std::size_t row, std::uint32_t id) {
  return hash_of(rows.signs[row], rows.input, id) % 2 == 0 ? 1.0F : -1.0F;
}

std::vector<float> cells_of(const SketchRows& rows, std::span<const float> cells,
                            std::uint32_t id) {
  std::vector<float> found;
  for (std::size_t row = 0; row < rows.buckets.size(); ++row) {
    found.push_back(cells[cell_of(rows, row, id)]);
  }
  return found;
}

float median_of(std::vector<float> values) {
  std::ranges::sort(values);
  const std::size_t upper = values.size() / 2;
  return values.size() % 2 == 1 ? values[upper] : (values[upper - 1] + values[upper]) / 2;
}

float estimate_of(const SketchRows& rows, SketchQuery query, std::span<const float> cells,
                  std::uint32_t id) {
  std::vector<float> found = cells_of(rows, cells, id);
  switch (query) {
    case SketchQuery::min:
      return std::ranges::min(found);
    case SketchQuery::signed_median:
      for (std::size_t row = 0; row < found.size(); ++row) found[row] *= sign_of(rows, row, id);
      return median_of(std::move(found));
    case SketchQuery::mean:
      break;
  }
  double sum = 0;
  for (const float cell : found) sum += cell;
  return static_cast<float>(sum / static_cast<double>(found.size()));
}

}  // namespace

void query_sketch(const SketchRows& rows, SketchQuery query, std::span<const float> cells,
                  std::span<const std::uint32_t> ids, std::span<float> estimates) {
  check_sketch_query(rows, query, cells.size(), ids.size(), estimates.size());
  std::ranges::transform(ids, estimates.begin(),
                         [&](std::uint32_t id) { return estimate_of(rows, query, cells, id); });
}

void update_sketch(const SketchRows& rows, SketchUpdate update, std::span<const SketchItem> items,
                   std::span<float> cells, std::span<float> room) {
  check_sketch_update(rows, update, cells.size(), items.size(), room.size());
  for (std::size_t i = 0; i < items.size(); ++i) {
    room[i] = estimate_of(rows, SketchQuery::min, cells, items[i].id) + items[i].mass;
  }
  for (std::size_t i = 0; i < items.size(); ++i) {
    for (std::size_t row = 0; row < rows.buckets.size(); ++row) {
      float& cell = cells[cell_of(rows, row, items[i].id)];
      switch (update) {
        case SketchUpdate::add:
          cell += items[i].mass;
          break;
        case SketchUpdate::add_signed:
          cell += sign_of(rows, row, items[i].id) * items[i].mass;
          break;
        case SketchUpdate::conservative:
          cell = std::max(cell, room[i]);
          break;
      }
    }
  }
}

LowestSlots lowest_slots(std::span<const int> positions, std::span<const float> scores,
                         PositionRange range) {
  check_lowest_slots(positions, scores);
  std::vector<int> candidates;
  for (std::size_t slot = 0; slot < positions.size(); ++slot) {
    if (positions[slot] < range.first || positions[slot] >= range.end) continue;
    candidates.push_back(static_cast<int>(slot));
  }
  std::ranges::sort(candidates, {}, [&](int slot) {
    const float score = scores[static_cast<std::size_t>(slot)];
    return std::pair(std::isnan(score) ? -std::numeric_limits<float>::infinity() : score,
                     positions[static_cast<std::size_t>(slot)]);
  });
  LowestSlots found{.candidates = static_cast<int>(candidates.size())};
  if (found.candidates > 0) found.lowest = candidates[0];
  if (found.candidates > 1) found.next = candidates[1];
  return found;
}

}  // namespace sketchscope::kernels::reference
