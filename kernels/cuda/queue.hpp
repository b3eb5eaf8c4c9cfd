#pragma once

#include <functional>
#include <utility>

#include "kernels/cuda/memory.hpp"

struct CUgraphExec_st;

namespace sketchscope::cuda {

/// A stream of one's own. Throws DeviceError where no device answers.
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

/// Launches that were written down once (a CUDA graph) and start as a whole: their arguments stay
/// as they were, so what changes between two starts lies in the device's memory.
class Recording {
 public:
  Recording() = default;
  /// Writes down what `launches` puts on the queue; nothing of it runs. It may not allocate.
  Recording(const Queue& queue, const std::function<void(Stream)>& launches);
  Recording(Recording&& other) noexcept : graph_(std::exchange(other.graph_, nullptr)) {}
  Recording& operator=(Recording&& other) noexcept {
    std::swap(graph_, other.graph_);
    return *this;
  }
  ~Recording();

  [[nodiscard]] bool empty() const { return graph_ == nullptr; }
  void start(const Queue& queue) const;

 private:
  CUgraphExec_st* graph_ = nullptr;
};

/// Marks what the processor does while it lives, for NVIDIA's profilers.
class ProfileRange {
 public:
  explicit ProfileRange(const char* name);
  ProfileRange(const ProfileRange&) = delete;
  ProfileRange& operator=(const ProfileRange&) = delete;
  ~ProfileRange();
};

}  // namespace sketchscope::cuda
