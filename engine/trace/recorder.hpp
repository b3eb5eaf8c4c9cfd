#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <thread>
#include <vector>

#include "engine/trace/step_trace.hpp"
#include "kernels/parallel.hpp"

namespace sketchscope::trace {

/// Notes what the threads of a pool do, operation by operation. Each thread writes to a list of its
/// own, so none waits for another; take() is called between steps.
class Recorder final : public kernels::PartObserver {
 public:
  /// `threads` is the number of the observed pool's threads.
  explicit Recorder(int threads);

  /// Returns what was noted since the last call as one step, and forgets it.
  [[nodiscard]] StepTrace take(std::int64_t step);
  /// Forgets what was noted since the last call of take().
  void drop();

  void begin_run() override;
  void begin_part(int thread) override;
  void end_part(int thread) override;

 private:
  friend class ScopedSpan;
  using Clock = std::chrono::steady_clock;

  // The notes of one thread.
  struct Track {
    std::atomic<std::thread::id> owner;  // none before its first part, and of the caller's
    std::vector<OperationSpan> spans;
    std::vector<BusySpan> busy;
    std::uint64_t last_run = 0;  // to which the last busy span belongs
  };
  // The operation that the calling thread is in, and its present run of the pool.
  struct Present {
    bool inside = false;
    std::uint64_t run = 0;
    Operation operation = Operation::prepare;
    int layer = -1;
  };

  [[nodiscard]] std::int64_t now() const {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - began_).count();
  }
  [[nodiscard]] int own_thread() const;
  void enter(Operation operation, int layer);
  void leave(const OperationSpan& span);

  Clock::time_point began_ = Clock::now();
  std::deque<Track> tracks_;  // by thread
  Present present_;
};

/// Notes the lifetime of this object as an operation. Without a recorder it costs a comparison.
class ScopedSpan {
 public:
  /// `recorder` may be null. An operation that runs within another one may be noted by any thread
  /// of the pool, the others by the calling thread alone, one at a time.
  ScopedSpan(Recorder* recorder, Operation operation, const Place& place = {},
             const Work& work = {})
      : recorder_(recorder) {
    if (recorder_ == nullptr) return;
    span_ = {.operation = operation, .place = place, .work = work};
    recorder_->enter(operation, place.layer);
    span_.begin_ns = recorder_->now();
  }
  ~ScopedSpan() {
    if (recorder_ == nullptr) return;
    span_.end_ns = recorder_->now();
    recorder_->leave(span_);
  }
  ScopedSpan(const ScopedSpan&) = delete;
  ScopedSpan& operator=(const ScopedSpan&) = delete;

  /// Adds work that is known only after the operation began.
  void add(const Work& work) { span_.work += work; }

 private:
  Recorder* recorder_;
  OperationSpan span_;
};

}  // namespace sketchscope::trace
