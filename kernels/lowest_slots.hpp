#pragma once

#include <span>

namespace sketchscope {

/// Positions [first, end).
struct PositionRange {
  int first = 0;
  int end = 0;
};

/// The slot that leaves a table first, and the one after it; −1 where there is none.
struct LowestSlots {
  int lowest = -1;
  int next = -1;
  int candidates = 0;  ///< slots there were to choose from

  friend bool operator==(const LowestSlots&, const LowestSlots&) = default;
};

/// Of the slots whose position is in the range, the two of lowest score; ties: the lower position
/// first. A score that is no number counts as the lowest. positions (S), distinct and not negative;
/// scores (S). The same on every implementation. Throws KernelError where their sizes differ.
LowestSlots lowest_slots(std::span<const int> positions, std::span<const float> scores,
                         PositionRange range);

namespace reference {
LowestSlots lowest_slots(std::span<const int> positions, std::span<const float> scores,
                         PositionRange range);
}  // namespace reference

}  // namespace sketchscope
