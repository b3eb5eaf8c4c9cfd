#pragma once

#include "kernels/cpu/kernel_set.hpp"

// Plain loops that the compiler vectorises, as in sketch_cells.hpp.
namespace sketchscope::cpu {

inline constexpr std::int64_t kNoKey = 0x7FFFFFFFFFFFFFFF;

/// Returns an integer that orders slots by score, then by position; kNoKey outside the range.
template <class V>
std::int64_t slot_key(int position, float score, PositionRange range) {
  constexpr std::int32_t kMagnitude = 0x7FFFFFFF;
  constexpr std::int32_t kLowestScore = -0x7F800001;                 // of −infinity
  const auto bits = __builtin_bit_cast(std::int32_t, score + 0.0F);  // −0 becomes 0
  // The bits of negative floats order in reverse.
  const std::int32_t ordered = bits < 0 ? bits ^ kMagnitude : bits;
  const std::int32_t rank = score == score ? ordered : kLowestScore;
  const bool inside = position >= range.first && position < range.end;
  return inside ? std::int64_t{rank} * (std::int64_t{1} << 32) + position : kNoKey;
}

/// Returns the slot with the position of a key; −1 for kNoKey.
template <class V>
int slot_of(std::int64_t key, const int* positions, int count) {
  if (key == kNoKey) return -1;
  const auto position = static_cast<std::int32_t>(key & 0xFFFFFFFF);
  int slot = 0;
  while (slot < count && positions[slot] != position) ++slot;
  return slot;
}

template <class V>
LowestSlots lowest_slots(const int* positions, const float* scores, int count,
                         PositionRange range) {
  LowestSlots found;
  std::int64_t lowest = kNoKey;
  std::int64_t next = kNoKey;
  int candidates = 0;
  for (int slot = 0; slot < count; ++slot) {
    const std::int64_t key = slot_key<V>(positions[slot], scores[slot], range);
    candidates += key == kNoKey ? 0 : 1;
    const std::int64_t higher = key < lowest ? lowest : key;
    lowest = key < lowest ? key : lowest;
    next = higher < next ? higher : next;
  }
  found.candidates = candidates;
  found.lowest = slot_of<V>(lowest, positions, count);
  found.next = slot_of<V>(next, positions, count);
  return found;
}

}  // namespace sketchscope::cpu
