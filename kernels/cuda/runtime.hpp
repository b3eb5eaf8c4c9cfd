#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <utility>

/// The types behind the CUDA runtime's handles of streams, events and graphs, declared here to keep
/// the toolkit's headers out.
struct CUstream_st;
struct CUevent_st;
struct CUgraphExec_st;

namespace sketchscope::kernels::cuda {

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

/// Owns a stream. The constructor throws DeviceError where no device answers.
class Queue {
 public:
  Queue();
  Queue(const Queue&) = delete;
  Queue& operator=(const Queue&) = delete;
  ~Queue();

  [[nodiscard]] Stream stream() const { return stream_; }
  /// Waits for all that was queued.
  void wait() const;

 private:
  Stream stream_ = nullptr;
};

/// A point in the work of a stream, of which the device notes the time when it comes there.
class Event {
 public:
  Event();
  Event(Event&& other) noexcept : event_(std::exchange(other.event_, nullptr)) {}
  Event& operator=(Event&& other) noexcept {
    std::swap(event_, other.event_);
    return *this;
  }
  ~Event();

  /// Puts the event behind what is on the stream. In a recording it is noted at each start anew.
  void put_on(Stream stream) const;
  /// Returns the milliseconds from `earlier` to this event, both of which the device has come to.
  [[nodiscard]] double ms_since(const Event& earlier) const;

 private:
  CUevent_st* event_ = nullptr;
};

/// Launches that were recorded once, as a CUDA graph, and start as a whole. Their arguments stay
/// fixed, so whatever changes between two starts lies in device memory.
class Recording {
 public:
  Recording() = default;
  /// Records what `launches` puts on the queue, without running it. `launches` may not allocate.
  Recording(const Queue& queue, const std::function<void(Stream)>& launches);
  Recording(Recording&& other) noexcept : graph_(std::exchange(other.graph_, nullptr)) {}
  Recording& operator=(Recording&& other) noexcept {
    std::swap(graph_, other.graph_);
    return *this;
  }
  ~Recording();

  [[nodiscard]] bool empty() const { return graph_ == nullptr; }
  /// Queues the recorded launches.
  void start(const Queue& queue) const;

 private:
  CUgraphExec_st* graph_ = nullptr;
};

/// Marks a range of host work, for as long as the object lives, in NVIDIA's profilers.
class ProfileRange {
 public:
  explicit ProfileRange(const char* name);
  ProfileRange(const ProfileRange&) = delete;
  ProfileRange& operator=(const ProfileRange&) = delete;
  ~ProfileRange();
};

}  // namespace sketchscope::kernels::cuda
