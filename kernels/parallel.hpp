#pragma once

#include <cstddef>
#include <memory>
#include <span>

namespace sketchscope::kernels {

/// Is told of every run of a pool by its caller, and of every part by the thread that runs it:
/// thread 0 is the caller of ThreadPool::run(), the others have the numbers from 1 on. All calls of
/// one run have returned before run() does.
class PartObserver {
 public:
  virtual ~PartObserver() = default;
  virtual void begin_run() = 0;
  virtual void begin_part(int thread) = 0;
  virtual void end_part(int thread) = 0;
};

/// A fixed set of threads that run the parts of one operation in parallel. The caller is one of
/// them. Which thread runs which part never changes a result: parts write disjoint outputs.
class ThreadPool {
 public:
  /// Creates a pool of `threads` threads, the caller included. Throws KernelError below 1.
  explicit ThreadPool(int threads);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  /// Number of threads, the caller included.
  [[nodiscard]] int threads() const;

  /// Calls part(0) … part(parts − 1), each once, and returns when all are done. The first exception
  /// thrown by a part is rethrown here. Not reentrant; one caller at a time.
  template <class Part>
  void run(int parts, const Part& part) {
    run_job(parts, {.part = &part, .call = [](const void* work, int index) {
                      (*static_cast<const Part*>(work))(index);
                    }});
  }

  /// Shows the parts of later runs to an observer, which has to outlive them; null ends it. Without
  /// one, a part costs nothing more.
  void observe(PartObserver* observer);

  /// Workspace of at least `bytes` bytes for the caller's current operation, aligned to a cache
  /// line. It grows and never shrinks, so that repeated operations allocate nothing.
  [[nodiscard]] std::span<std::byte> room(std::size_t bytes);
  /// Bytes that the workspace takes.
  [[nodiscard]] std::size_t room_bytes() const;

 private:
  // A type-erased reference to the caller's part, which outlives the run.
  struct Job {
    const void* part = nullptr;
    void (*call)(const void* part, int index) = nullptr;
  };
  void run_job(int parts, const Job& job);

  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sketchscope::kernels
