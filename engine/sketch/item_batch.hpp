#pragma once

#include <array>
#include <cstddef>
#include <memory_resource>
#include <span>
#include <vector>

#include "engine/sketch/sketch.hpp"

namespace sketchscope {

/// Memory for one update: on the stack, and from the heap only beyond what a step's batch needs.
class UpdateArena {
 public:
  [[nodiscard]] std::pmr::memory_resource* resource() { return &resource_; }

 private:
  std::array<std::byte, std::size_t{256} << 10> stack_;
  std::pmr::monotonic_buffer_resource resource_{stack_.data(), stack_.size()};
};

/// The batch by ascending id, with the masses of equal ids summed. It does not depend on the order
/// of the batch: equal ids are summed in order of mass. No sum is below any of its masses.
std::pmr::vector<SketchItem> merged_items(std::span<const SketchItem> batch, UpdateArena& arena);

}  // namespace sketchscope
