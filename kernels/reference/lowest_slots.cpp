#include "kernels/lowest_slots.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "kernels/shape_check.hpp"

namespace sketchscope::reference {

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

}  // namespace sketchscope::reference
