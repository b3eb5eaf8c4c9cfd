#pragma once

#include <cstddef>
#include <span>
#include <utility>

/// The type behind the CUDA runtime's stream handle, declared here to keep the toolkit's headers
/// out.
struct CUstream_st;

namespace sketchscope::cuda {

/// A queue of work on the device, in the type of the CUDA runtime.
using Stream = CUstream_st*;
inline constexpr Stream kDefaultStream = nullptr;

/// Allocates device memory. Throws DeviceError with the runtime's message, as upload() and
/// download() do.
[[nodiscard]] void* allocate(std::size_t bytes);
void free(void* memory) noexcept;
/// Queues a copy to the device behind earlier work; on the default stream it waits for the copy.
/// The source may change once the call returns.
void upload(void* to, const void* from, std::size_t bytes, Stream stream);
/// Copies from the device and waits for the copy, and so for all earlier work of the stream.
void download(void* to, const void* from, std::size_t bytes, Stream stream);

/// An array in device memory.
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

  /// Overwrites the first values.size() elements.
  void upload(std::span<const T> values, Stream stream = kDefaultStream) {
    if (!values.empty()) cuda::upload(data_, values.data(), values.size_bytes(), stream);
  }
  /// Copies the first values.size() elements to `values` and waits for the copy.
  void download(std::span<T> values, Stream stream = kDefaultStream) const {
    if (!values.empty()) cuda::download(values.data(), data_, values.size_bytes(), stream);
  }

 private:
  T* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace sketchscope::cuda
