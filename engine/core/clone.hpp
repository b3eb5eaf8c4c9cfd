#pragma once

#include <memory>
#include <utility>

namespace sketchscope {

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

}  // namespace sketchscope
