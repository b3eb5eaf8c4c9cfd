#pragma once

#include <cstddef>
#include <memory>
#include <new>

namespace sketchscope::model {

/// The memory of one weight matrix: aligned to a cache line, of fixed size, and not initialised.
class WeightBuffer {
 public:
  WeightBuffer() = default;
  explicit WeightBuffer(std::size_t bytes)
      : memory_(static_cast<std::byte*>(::operator new(bytes, kAlignment))), bytes_(bytes) {}

  [[nodiscard]] std::byte* data() { return memory_.get(); }
  [[nodiscard]] const std::byte* data() const { return memory_.get(); }
  [[nodiscard]] std::size_t size() const { return bytes_; }

 private:
  static constexpr std::align_val_t kAlignment{64};
  struct Free {
    void operator()(std::byte* memory) const { ::operator delete(memory, kAlignment); }
  };
  std::unique_ptr<std::byte, Free> memory_;
  std::size_t bytes_ = 0;
};

}  // namespace sketchscope::model
