#pragma once

#include <cstddef>
#include <span>
#include <utility>

/// The CUDA runtime's own name for what a stream points to.
struct CUstream_st;

namespace sketchscope::cuda {

/// A queue of work on the device, as the CUDA runtime hands it out.
using Stream = CUstream_st*;
inline constexpr Stream kDefaultStream = nullptr;

/// Memory of the device. These throw DeviceError with the runtime's words.
[[nodiscard]] void* allocate(std::size_t bytes);
void free(void* memory) noexcept;
/// Queued behind the work before it, on the default stream done; the source may change once the
/// call is back.
void upload(void* to, const void* from, std::size_t bytes, Stream stream);
/// Waits for the work before it.
void download(void* to, const void* from, std::size_t bytes, Stream stream);

/// An array in the device's memory.
template <class T>
class DeviceArray {
 public:
  explicit DeviceArray(std::size_t size = 0)
      : data_(size == 0 ? nullptr : static_cast<T*>(allocate(size * sizeof(T)))), size_(size) {}
  explicit DeviceArray(std::span<const T> values) : DeviceArray(values.size()) { upload(values); }
  DeviceArray(DeviceArray&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  DeviceArray& operator=(DeviceArray&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~DeviceArray() { cuda::free(data_); }

  [[nodiscard]] T* data() { return data_; }
  [[nodiscard]] const T* data() const { return data_; }
  [[nodiscard]] std::size_t size() const { return size_; }

  /// The first values.size() of it.
  void upload(std::span<const T> values, Stream stream = kDefaultStream) {
    if (!values.empty()) cuda::upload(data_, values.data(), values.size_bytes(), stream);
  }
  void download(std::span<T> values, Stream stream = kDefaultStream) const {
    if (!values.empty()) cuda::download(values.data(), data_, values.size_bytes(), stream);
  }

 private:
  T* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace sketchscope::cuda
