#include "kernels/parallel.hpp"

#include <atomic>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <new>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "kernels/kernel_error.hpp"

namespace sketchscope::kernels {
namespace {

// Polls before a thread sleeps, about 50 µs: the operations of one step follow each other within
// microseconds, but no core should be kept busy between steps.
constexpr int kSpins = 2000;

constexpr std::align_val_t kCacheLine{64};

void relax() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

// Tells an observer, which may be null, of a part while it lives.
class ObservedPart {
 public:
  ObservedPart(PartObserver* observer, int thread) : observer_(observer), thread_(thread) {
    if (observer_ != nullptr) observer_->begin_part(thread_);
  }
  ~ObservedPart() {
    if (observer_ != nullptr) observer_->end_part(thread_);
  }
  ObservedPart(const ObservedPart&) = delete;
  ObservedPart& operator=(const ObservedPart&) = delete;

 private:
  PartObserver* observer_;
  int thread_;
};

}  // namespace

// `unclaimed` and `unfinished` order everything else: `job`, `parts` and `observer` are written
// before `unclaimed` is raised and read only after a part was claimed, and run() does not return
// before every claimed part is finished. So a worker that wakes late either claims nothing or
// claims a part of the job that is current.
struct ThreadPool::State {
  Job job;
  int parts = 0;
  PartObserver* observer = nullptr;
  std::atomic<int> unclaimed{0};
  std::atomic<int> unfinished{0};
  std::atomic<bool> stopping{false};

  std::mutex mutex;
  std::condition_variable work_arrived;
  std::condition_variable work_finished;
  std::exception_ptr failure;
  std::vector<std::thread> workers;

  struct FreeAligned {
    void operator()(std::byte* memory) const { ::operator delete(memory, kCacheLine); }
  };
  std::unique_ptr<std::byte, FreeAligned> room;
  std::size_t room_bytes = 0;

  bool run_one_part(int thread);
  void work(int thread);
  void wait_until_finished();
};

/// Claims a part and runs it; returns false when none is left.
bool ThreadPool::State::run_one_part(int thread) {
  int left = unclaimed.load(std::memory_order_acquire);
  do {
    if (left == 0) return false;
  } while (!unclaimed.compare_exchange_weak(left, left - 1, std::memory_order_acq_rel,
                                            std::memory_order_acquire));
  try {
    const ObservedPart observed(observer, thread);
    job.call(job.part, parts - left);
  } catch (...) {
    const std::lock_guard lock(mutex);
    if (!failure) failure = std::current_exception();
  }
  if (unfinished.fetch_sub(1, std::memory_order_acq_rel) == 1) {
    const std::lock_guard lock(mutex);
    work_finished.notify_one();
  }
  return true;
}

void ThreadPool::State::work(int thread) {
  while (true) {
    for (int spin = 0; spin < kSpins; ++spin) {
      if (run_one_part(thread)) spin = 0;
      relax();
    }
    std::unique_lock lock(mutex);
    work_arrived.wait(lock, [this] { return unclaimed.load() > 0 || stopping.load(); });
    if (stopping.load()) return;
  }
}

void ThreadPool::State::wait_until_finished() {
  for (int spin = 0; spin < kSpins; ++spin) {
    if (unfinished.load(std::memory_order_acquire) == 0) return;
    relax();
  }
  std::unique_lock lock(mutex);
  work_finished.wait(lock, [this] { return unfinished.load() == 0; });
}

ThreadPool::ThreadPool(int threads) : state_(std::make_unique<State>()) {
  if (threads < 1) {
    throw KernelError("a thread pool of " + std::to_string(threads) + " threads; at least 1");
  }
  for (int i = 1; i < threads; ++i) {
    state_->workers.emplace_back([state = state_.get(), i] { state->work(i); });
  }
}

ThreadPool::~ThreadPool() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->stopping = true;
  }
  state_->work_arrived.notify_all();
  for (std::thread& worker : state_->workers) worker.join();
}

int ThreadPool::threads() const {
  return static_cast<int>(state_->workers.size()) + 1;
}

void ThreadPool::observe(PartObserver* observer) {
  state_->observer = observer;
}

std::span<std::byte> ThreadPool::room(std::size_t bytes) {
  if (state_->room_bytes < bytes) {
    state_->room.reset();
    state_->room_bytes = 0;
    state_->room.reset(static_cast<std::byte*>(::operator new(bytes, kCacheLine)));
    state_->room_bytes = bytes;
  }
  return {state_->room.get(), state_->room_bytes};
}

std::size_t ThreadPool::room_bytes() const {
  return state_->room_bytes;
}

void ThreadPool::run_job(int parts, const Job& job) {
  if (parts <= 0) return;
  if (state_->observer != nullptr) state_->observer->begin_run();
  state_->job = job;
  state_->parts = parts;
  state_->unfinished.store(parts, std::memory_order_relaxed);
  {
    const std::lock_guard lock(state_->mutex);
    state_->unclaimed.store(parts, std::memory_order_release);
  }
  if (parts > 1) state_->work_arrived.notify_all();
  while (state_->run_one_part(0)) {
  }
  state_->wait_until_finished();
  if (auto failure = std::exchange(state_->failure, nullptr)) std::rethrow_exception(failure);
}

}  // namespace sketchscope::kernels
