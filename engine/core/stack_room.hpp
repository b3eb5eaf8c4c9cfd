#pragma once

#include <array>
#include <cstddef>
#include <memory_resource>

namespace sketchscope {

/// An arena for the small vectors of one call: kBytes on the stack, and the heap only beyond them.
template <std::size_t kBytes>
class RoomOnStack {
 public:
  [[nodiscard]] std::pmr::memory_resource* resource() { return &resource_; }

 private:
  std::array<std::byte, kBytes> stack_;
  std::pmr::monotonic_buffer_resource resource_{stack_.data(), stack_.size()};
};

using StackRoom = RoomOnStack<std::size_t{4} << 10>;

}  // namespace sketchscope
