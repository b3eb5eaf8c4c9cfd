#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "engine/study/key_store.hpp"

namespace sketchscope {

/// Configurations that are measured together, by their numbers in the grid.
using WorkBatch = std::vector<std::size_t>;

/// A batch that a worker took from the queue.
struct Assignment {
  std::int64_t ticket = 0;
  WorkBatch batch;
};

/// The side of the queue that measures. Tells the coordinator that it is alive for as long as it
/// lives itself.
class StudyWorker {
 public:
  StudyWorker(KeyStore& store, int rank, const std::stop_token& stop);
  /// Takes its leave.
  ~StudyWorker();
  StudyWorker(const StudyWorker&) = delete;
  StudyWorker& operator=(const StudyWorker&) = delete;

  /// Requested by the one given, or because the study is over.
  [[nodiscard]] std::stop_token stop() const { return stop_.get_token(); }
  /// Waits for the next batch; empty after a stop.
  std::optional<Assignment> take();
  /// One result for each configuration of the assignment, in its order.
  void deliver(const Assignment& assignment, std::span<const std::string> results);
  /// `tokens` more were fed.
  void count(std::size_t tokens) { fed_ += static_cast<std::int64_t>(tokens); }

 private:
  void beat(const std::stop_token& end);

  KeyStore& store_;
  int rank_;
  std::stop_source stop_;
  std::stop_callback<std::function<void()>> forward_;
  std::atomic<std::int64_t> fed_ = 0;
  std::jthread heart_;
};

struct QueueOptions {
  int ranks = 1;
  std::chrono::milliseconds patience{10'000};  ///< without a sign of life, a worker counts as dead
};

/// The side that hands batches out, collects results and gives a dead worker's batches to others.
class Coordinator {
 public:
  using Clock = std::chrono::steady_clock;
  using OnResult = std::function<void(std::size_t configuration, const std::string& result)>;

  Coordinator(KeyStore& store, std::vector<WorkBatch> work, QueueOptions options);
  /// Tells the workers that the study is over and waits a moment for them to leave, since the store
  /// may go with this process.
  ~Coordinator();
  Coordinator(const Coordinator&) = delete;
  Coordinator& operator=(const Coordinator&) = delete;

  /// Looks around once; `on_result` hears of every configuration exactly once.
  void poll(const OnResult& on_result, Clock::time_point now = Clock::now());
  [[nodiscard]] bool finished() const { return missing_ == 0; }
  /// Tokens that all workers fed, as far as is known.
  [[nodiscard]] std::int64_t tokens_fed() const;
  /// Batches that were handed out again.
  [[nodiscard]] int handed_back() const { return handed_back_; }

 private:
  struct Ticket {
    WorkBatch batch;
    std::optional<int> rank;                    // who took it
    std::optional<Clock::time_point> taken_at;  // as far as is known
    bool closed = false;                        // delivered, or handed out again
  };
  struct Pulse {
    std::int64_t beats = 0;
    Clock::time_point changed_at{};
    std::int64_t fed = 0;
  };

  void publish(WorkBatch batch);
  void feel_pulses(Clock::time_point now);
  void collect(std::size_t ticket, const std::string& delivered, const OnResult& on_result);
  [[nodiscard]] bool all_left();
  [[nodiscard]] bool given_up(const Ticket& ticket, Clock::time_point now) const;
  void hand_back(Ticket& ticket);

  KeyStore& store_;
  QueueOptions options_;
  std::vector<Ticket> tickets_;
  std::map<int, Pulse> pulses_;  // by rank
  std::map<std::size_t, bool> collected_;
  std::size_t missing_ = 0;
  int handed_back_ = 0;
};

}  // namespace sketchscope
