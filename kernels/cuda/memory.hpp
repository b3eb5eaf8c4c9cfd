#pragma once

#include <cuda_runtime_api.h>

#include <cstddef>
#include <span>
#include <string>
#include <utility>

#include "kernels/kernel_error.hpp"

namespace sketchscope::cuda {

/// Throws DeviceError with the runtime's words unless `result` is success.
inline void check(cudaError_t result, const char* what) {
  if (result == cudaSuccess) return;
  throw DeviceError(std::string("cuda: ") + what + " failed: " + cudaGetErrorString(result));
}

/// An array in the device's memory.
template <class T>
class DeviceArray {
 public:
  explicit DeviceArray(std::size_t size) : size_(size) {
    if (size == 0) return;
    void* memory = nullptr;
    check(cudaMalloc(&memory, size * sizeof(T)), "allocation on the device");
    data_ = static_cast<T*>(memory);
  }
  explicit DeviceArray(std::span<const T> values) : DeviceArray(values.size()) { upload(values); }
  DeviceArray(DeviceArray&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), size_(other.size_) {}
  DeviceArray& operator=(DeviceArray&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~DeviceArray() { cudaFree(data_); }

  [[nodiscard]] T* data() { return data_; }
  [[nodiscard]] const T* data() const { return data_; }
  [[nodiscard]] std::size_t size() const { return size_; }

  void upload(std::span<const T> values) {
    copy(data_, values.data(), values.size_bytes(), cudaMemcpyHostToDevice, "copy to the device");
  }
  /// Waits for the work before it.
  void download(std::span<T> values) const {
    copy(values.data(), data_, values.size_bytes(), cudaMemcpyDeviceToHost,
         "work on the device, or the copy from it,");
  }

 private:
  static void copy(void* to, const void* from, std::size_t bytes, cudaMemcpyKind kind,
                   const char* what) {
    if (bytes > 0) check(cudaMemcpy(to, from, bytes, kind), what);
  }

  T* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace sketchscope::cuda
