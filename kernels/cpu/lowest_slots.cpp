#include "kernels/lowest_slots.hpp"

#include "kernels/cpu/operations.hpp"
#include "kernels/shape_check.hpp"

namespace sketchscope {

LowestSlots cpu::lowest_slots(const KernelSet& kernels, std::span<const int> positions,
                              std::span<const float> scores, PositionRange range) {
  check_lowest_slots(positions, scores);
  return kernels.lowest_slots(positions.data(), scores.data(), static_cast<int>(positions.size()),
                              range);
}

LowestSlots lowest_slots(std::span<const int> positions, std::span<const float> scores,
                         PositionRange range) {
  return cpu::lowest_slots(cpu::best_kernels(), positions, scores, range);
}

}  // namespace sketchscope
