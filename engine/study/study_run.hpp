#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "engine/core/error.hpp"
#include "engine/model/model.hpp"
#include "engine/study/grid.hpp"
#include "engine/study/material.hpp"
#include "engine/study/rendezvous.hpp"
#include "engine/study/study_folder.hpp"

namespace sketchscope::study {

/// Indices into the grid of configurations that are measured together.
using WorkBatch = std::vector<std::size_t>;

/// A batch that a worker has taken from the queue.
struct Assignment {
  std::int64_t ticket = 0;
  WorkBatch batch;
};

/// The worker's end of the queue. Its heartbeat thread tells the coordinator that it is alive, from
/// construction to destruction.
class StudyWorker {
 public:
  StudyWorker(KeyStore& store, int rank, const std::stop_token& stop);
  /// Stops the heartbeat and signs off from the coordinator.
  ~StudyWorker();
  StudyWorker(const StudyWorker&) = delete;
  StudyWorker& operator=(const StudyWorker&) = delete;

  /// Returns a token that is stopped by the given one or by the end of the study.
  [[nodiscard]] std::stop_token stop() const { return stop_.get_token(); }
  /// Blocks until the next batch is available; empty after a stop.
  std::optional<Assignment> take();
  /// Delivers one result per configuration of the assignment, in order.
  void deliver(const Assignment& assignment, std::span<const std::string> results);
  /// Adds `tokens` to the number of tokens fed, which the heartbeat reports.
  void count(std::size_t tokens) { fed_ += static_cast<std::int64_t>(tokens); }

 private:
  void beat(const std::stop_token& end);

  KeyStore& store_;
  int rank_;
  std::stop_source stop_;
  std::stop_callback<std::function<void()>> forward_;
  std::atomic<std::int64_t> fed_ = 0;
  std::jthread heartbeat_thread_;
};

/// Options of a Coordinator.
struct QueueOptions {
  int ranks = 1;
  std::chrono::milliseconds timeout{
      10'000};  ///< time without a heartbeat until a worker is presumed dead
};

/// The coordinator's end of the queue: publishes batches, collects results and reassigns the
/// batches of dead workers.
class Coordinator {
 public:
  using Clock = std::chrono::steady_clock;
  using OnResult = std::function<void(std::size_t configuration, const std::string& result)>;

  Coordinator(KeyStore& store, std::vector<WorkBatch> work, QueueOptions options);
  /// Tells the workers that the study is over and waits briefly for them to sign off, since the
  /// store may end with this process.
  ~Coordinator();
  Coordinator(const Coordinator&) = delete;
  Coordinator& operator=(const Coordinator&) = delete;

  /// Runs one polling round: heartbeats, results, dead workers. `on_result` is called exactly once
  /// per configuration over all rounds.
  void poll(const OnResult& on_result, Clock::time_point now = Clock::now());
  [[nodiscard]] bool finished() const { return missing_ == 0; }
  /// Returns the number of tokens that all workers fed, as of their last heartbeats.
  [[nodiscard]] std::int64_t tokens_fed() const;
  /// Returns the number of batches that were reassigned.
  [[nodiscard]] int handed_back() const { return handed_back_; }

 private:
  struct Ticket {
    WorkBatch batch;
    std::optional<int> rank;                    // the worker that took it, if known
    std::optional<Clock::time_point> taken_at;  // time at which the take was noticed
    bool closed = false;                        // delivered or reassigned
  };
  struct Heartbeat {
    std::int64_t beats = 0;
    Clock::time_point changed_at{};
    std::int64_t fed = 0;
  };

  void publish(WorkBatch batch);
  void poll_heartbeats(Clock::time_point now);
  void collect(std::size_t ticket, const std::string& delivered, const OnResult& on_result);
  [[nodiscard]] bool all_left();
  [[nodiscard]] bool given_up(const Ticket& ticket, Clock::time_point now) const;
  void hand_back(Ticket& ticket);

  KeyStore& store_;
  QueueOptions options_;
  std::vector<Ticket> tickets_;
  std::map<int, Heartbeat> heartbeats_;  // by rank
  std::map<std::size_t, bool> collected_;
  std::size_t missing_ = 0;
  int handed_back_ = 0;
};

/// The configurations and material that the workers of a study measure.
struct Study {
  std::shared_ptr<const model::Model> model;
  const Grid& grid;
  const StudyMaterial& material;
  int lanes = 64;   ///< upper limit of lanes per worker
  int threads = 1;  ///< threads per worker
};

/// Measures batches from the queue until the study is over or a stop is requested.
void work_on(const Study& study, KeyStore& store, int rank, const std::stop_token& stop);

/// Runs rank 0: distributes the configurations that `folder` lacks, measures some itself, and
/// writes each result on arrival. Returns when all are complete or a stop is requested.
void conduct(const Study& study, KeyStore& store, StudyFolder& folder, const QueueOptions& options,
             const core::ProgressSink& progress, const std::stop_token& stop);

}  // namespace sketchscope::study
