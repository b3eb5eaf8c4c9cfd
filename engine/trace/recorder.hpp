#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <span>
#include <thread>
#include <vector>

#include "engine/trace/scoped_span.hpp"
#include "kernels/parallel.hpp"

namespace sketchscope::trace {

/// Notes what the threads of a pool do, operation by operation. Each thread writes to a list of its
/// own, so none waits for another; take() is called between steps.
class Recorder final : public kernels::PartObserver, public SpanObserver {
 public:
  /// `threads` is the number of the observed pool's threads.
  explicit Recorder(int threads);

  /// Returns what was noted since the last call as one step, and forgets it.
  [[nodiscard]] StepTrace take(std::int64_t step);
  /// Forgets what was noted since the last call of take().
  void drop();

  /// Returns the nanoseconds since this recorder was made.
  [[nodiscard]] std::int64_t now() const {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - began_).count();
  }
  /// Notes operations that a device ran, whose times count as now() does.
  void add_on_device(std::span<const OperationSpan> spans);

  void begin(OperationSpan& span) override;
  void end(OperationSpan& span) override;
  void begin_run() override;
  void begin_part(int thread) override;
  void end_part(int thread) override;

 private:
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

  [[nodiscard]] int own_thread() const;

  Clock::time_point began_ = Clock::now();
  std::deque<Track> tracks_;              // by thread
  std::vector<OperationSpan> on_device_;  // by begin
  Present present_;
};

}  // namespace sketchscope::trace
