#pragma once

#include <cstddef>
#include <memory>
#include <span>

namespace sketchscope {

/// A fixed set of threads that run the parts of one operation side by side. The caller is one of
/// them. Which thread runs which part never changes a result: parts write disjoint outputs.
class ThreadPool {
 public:
  /// `threads` >= 1, the caller counted.
  explicit ThreadPool(int threads);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  [[nodiscard]] int threads() const;

  /// Calls part(0) … part(parts − 1), each once, and returns when all are done. The first exception
  /// thrown by a part is rethrown here. Not reentrant; one caller at a time.
  template <class Part>
  void run(int parts, const Part& part) {
    run_job(parts, {.part = &part, .call = [](const void* work, int index) {
                      (*static_cast<const Part*>(work))(index);
                    }});
  }

  /// At least `bytes` of memory for the caller's current operation to work in, on the boundary of a
  /// cache line. It grows and never shrinks, so that operations that repeat allocate nothing.
  [[nodiscard]] std::span<std::byte> room(std::size_t bytes);
  [[nodiscard]] std::size_t room_bytes() const;

 private:
  // Refers to the caller's part, which outlives the run.
  struct Job {
    const void* part = nullptr;
    void (*call)(const void* part, int index) = nullptr;
  };
  void run_job(int parts, const Job& job);

  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sketchscope
