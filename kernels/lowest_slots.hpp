#pragma once

#include <span>

namespace sketchscope {

/// The half-open range of positions [first, end).
struct PositionRange {
  int first = 0;
  int end = 0;
};

/// The slot that leaves a table first, and the one after it; −1 where there is none.
struct LowestSlots {
  int lowest = -1;
  int next = -1;
  int candidates = 0;  ///< number of slots in the range

  friend bool operator==(const LowestSlots&, const LowestSlots&) = default;
};

/// Finds the two slots of lowest score among those whose position is in the range; of equal scores
/// the lower position comes first, and NaN counts as the lowest score. positions (S) are distinct
/// and not negative; scores (S). Every implementation gives the same result. Throws KernelError
/// where their sizes differ.
LowestSlots lowest_slots(std::span<const int> positions, std::span<const float> scores,
                         PositionRange range);

}  // namespace sketchscope
