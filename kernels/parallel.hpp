#pragma once

#include <functional>
#include <memory>

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
  void run(int parts, const std::function<void(int)>& part);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sketchscope
