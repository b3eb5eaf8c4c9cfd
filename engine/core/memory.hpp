#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <memory_resource>
#include <utility>
#include <vector>

namespace sketchscope::core {

/// An owning pointer to a polymorphic value, or null; copying it clones the value.
template <typename T>
class Clone {
 public:
  Clone() = default;
  Clone(std::unique_ptr<T> value) : value_(std::move(value)) {}  // NOLINT: a conversion by design
  Clone(const Clone& other) : value_(other.value_ ? other.value_->clone() : nullptr) {}
  Clone(Clone&&) noexcept = default;
  Clone& operator=(Clone other) noexcept {
    value_ = std::move(other.value_);
    return *this;
  }
  ~Clone() = default;

  [[nodiscard]] T* get() const { return value_.get(); }
  T* operator->() const { return value_.get(); }
  T& operator*() const { return *value_; }
  explicit operator bool() const { return value_ != nullptr; }

 private:
  std::unique_ptr<T> value_;
};

/// Reserves capacity for `count` values, at least doubling it when it grows, so that values
/// appended one by one rarely reallocate.
template <typename Value>
void reserve_ahead(std::vector<Value>& values, std::size_t count) {
  if (values.capacity() < count) values.reserve(std::max(count, 2 * values.capacity()));
}

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

}  // namespace sketchscope::core
