#pragma once

#include <functional>
#include <utility>

#include "kernels/cuda/memory.hpp"

struct CUgraphExec_st;

namespace sketchscope::cuda {

/// Owns a stream. The constructor throws DeviceError where no device answers.
class Queue {
 public:
  Queue();
  Queue(const Queue&) = delete;
  Queue& operator=(const Queue&) = delete;
  ~Queue();

  [[nodiscard]] Stream stream() const { return stream_; }

 private:
  Stream stream_ = nullptr;
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

}  // namespace sketchscope::cuda
