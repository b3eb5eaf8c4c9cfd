#include <algorithm>
#include <cmath>

#include "engine/policy/score_terms.hpp"

namespace sketchscope::policy {
namespace {

constexpr float kAlike = 0.5F;  // the cosine above which keys count as alike

// Makes every key of one head 1 long, so that products are cosines; a key of length 0 stays.
void normalise(std::span<float> keys, std::size_t width, std::size_t stride) {
  for (std::size_t start = 0; start + width <= keys.size(); start += stride) {
    const auto key = keys.subspan(start, width);
    double square = 0;
    for (const float number : key) square += double{number} * number;
    const auto share = static_cast<float>(square > 0 ? 1 / std::sqrt(square) : 0.0);
    for (float& number : key) number *= share;
  }
}

// The keys of one head in a matrix of those of all heads, (S, heads, D).
struct HeadKeys {
  std::span<const float> keys;
  std::size_t first = 0;
  std::size_t width = 0;
  std::size_t stride = 0;

  [[nodiscard]] float cosine(int left, int right) const {
    const float* const one = keys.data() + static_cast<std::size_t>(left) * stride + first;
    const float* const other = keys.data() + static_cast<std::size_t>(right) * stride + first;
    // Four sums side by side, in one order on every machine.
    float sums[4] = {};
    std::size_t at = 0;
    for (; at + 4 <= width; at += 4) {
      for (std::size_t lane = 0; lane < 4; ++lane) sums[lane] += one[at + lane] * other[at + lane];
    }
    for (; at < width; ++at) sums[0] += one[at] * other[at];
    return (sums[0] + sums[1]) + (sums[2] + sums[3]);
  }
};

// Writes to `likeness` (S) the sum over all keys i of cos(k_i, k_j), without i = j and without the
// latest of those that resemble i.
void sum_likeness(const HeadKeys& keys, std::span<const int> order, std::span<float> likeness) {
  std::ranges::fill(likeness, 0.0F);
  for (const int row : order) {
    int latest_alike = -1;
    float of_latest = 0;
    for (const int column : order) {
      if (column == row) continue;
      const float cosine = keys.cosine(row, column);
      likeness[static_cast<std::size_t>(column)] += cosine;
      if (cosine <= kAlike) continue;
      latest_alike = column;
      of_latest = cosine;
    }
    if (latest_alike >= 0) likeness[static_cast<std::size_t>(latest_alike)] -= of_latest;
  }
}

}  // namespace

std::size_t numbers_of_key_redundancy(const TableSize& size) {
  return size.slots * (size.kv_heads * size.head_width + 1);
}

void key_redundancy(const ScoreInput& input, std::span<float> redundancy) {
  const StoredVectors& stored = input.stored;
  const std::size_t slots = redundancy.size();
  if (slots == 0) return;  // a table that stores nothing has no keys of any head
  const std::span<float> room = input.room->take(slots * (stored.key_numbers() + 1));
  const std::span<float> likeness = room.first(slots), keys = room.subspan(slots);
  stored.read_keys(keys);
  put_in_order(input.stored_positions, input.room->order);
  std::ranges::fill(redundancy, 0.0F);
  const int group = stored.query_heads / stored.kv_heads;
  for (std::size_t first = 0; first < stored.key_numbers(); first += stored.width()) {
    normalise(keys.subspan(first), stored.width(), stored.key_numbers());
    sum_likeness(
        {.keys = keys, .first = first, .width = stored.width(), .stride = stored.key_numbers()},
        input.room->order, likeness);
    double sum = 0;
    const auto weight = [&](float of_slot) {
      return std::exp(double{of_slot} / static_cast<double>(slots));
    };
    for (const float of_slot : likeness) sum += weight(of_slot);
    for (std::size_t slot = 0; slot < slots; ++slot) {
      redundancy[slot] += static_cast<float>(group * weight(likeness[slot]) / sum);
    }
  }
}

}  // namespace sketchscope::policy
