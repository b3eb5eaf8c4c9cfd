#include <algorithm>
#include <cmath>

#include "engine/policy/score_terms.hpp"

namespace sketchscope::policy {
namespace {

double product(std::span<const float> left, std::span<const float> right) {
  double sum = 0;
  for (std::size_t at = 0; at < left.size(); ++at) sum += double{left[at]} * right[at];
  return sum;
}

double length(std::span<const float> vector) {
  return std::sqrt(product(vector, vector));
}

}  // namespace

std::size_t numbers_of_key_difference(const TableSize& size) {
  return 2 * size.kv_heads * size.head_width;
}

void key_difference(const ScoreInput& input, std::span<float> difference) {
  const StoredVectors& stored = input.stored;
  const std::size_t numbers = stored.key_numbers();
  const std::span<float> room = input.room->take(2 * numbers);
  const std::span<float> key = room.first(numbers), anchor = room.subspan(numbers);
  std::ranges::fill(anchor, 0.0F);
  const auto slots = static_cast<int>(difference.size());
  for (int slot = 0; slot < slots; ++slot) {
    stored.read_key(slot, key);
    for (std::size_t start = 0; start < numbers; start += stored.width()) {
      const auto own = key.subspan(start, stored.width());
      const double norm = length(own);
      if (norm == 0) continue;
      const auto share = static_cast<float>(1 / (norm * slots));
      for (std::size_t at = 0; at < own.size(); ++at) anchor[start + at] += own[at] * share;
    }
  }
  for (int slot = 0; slot < slots; ++slot) {
    stored.read_key(slot, key);
    double sum = 0;
    for (std::size_t start = 0; start < numbers; start += stored.width()) {
      const auto own = std::span<const float>(key).subspan(start, stored.width());
      const auto mean = std::span<const float>(anchor).subspan(start, stored.width());
      const double norms = length(own) * length(mean);
      if (norms > 0) sum += product(own, mean) / norms;
    }
    difference[static_cast<std::size_t>(slot)] = static_cast<float>(-sum);
  }
}

}  // namespace sketchscope::policy
