#include "engine/study/study_run.hpp"

#include <gmock/gmock.h>

#include <map>

namespace sketchscope::study {
namespace {

using namespace std::chrono_literals;
using Clock = Coordinator::Clock;

std::vector<WorkBatch> batches(std::size_t count, std::size_t size) {
  std::vector<WorkBatch> work(count);
  for (std::size_t at = 0; at < count * size; ++at) work[at / size].push_back(at);
  return work;
}

std::vector<std::string> results_of(const WorkBatch& batch) {
  std::vector<std::string> results;
  for (const std::size_t configuration : batch) results.push_back(std::to_string(configuration));
  return results;
}

// The results that arrived, with the number of times.
struct Arrived {
  std::map<std::size_t, int> times;
  Coordinator::OnResult listener() {
    return [this](std::size_t configuration, const std::string& result) {
      EXPECT_EQ(result, std::to_string(configuration));
      ++times[configuration];
    };
  }
  void expect_each_once(std::size_t count) const {
    EXPECT_EQ(times.size(), count);
    for (const auto& [configuration, often] : times) EXPECT_EQ(often, 1) << configuration;
  }
};

TEST(WorkQueue, GivesEveryBatchToOneOfManyWorkers) {
  MemoryKeyStore store;
  Arrived arrived;
  Coordinator coordinator(store, batches(40, 3), {.ranks = 4});
  std::vector<std::jthread> workers;
  for (int rank = 0; rank < 4; ++rank) {
    workers.emplace_back([&store, rank](const std::stop_token& stop) {
      StudyWorker worker(store, rank, stop);
      while (const auto assignment = worker.take()) {
        worker.count(7);
        worker.deliver(*assignment, results_of(assignment->batch));
      }
    });
  }
  while (!coordinator.finished()) coordinator.poll(arrived.listener());
  arrived.expect_each_once(120);
  EXPECT_EQ(coordinator.handed_back(), 0);
}

TEST(WorkQueue, HandsADeadWorkersBatchToAnother) {
  MemoryKeyStore store;
  Arrived arrived;
  Coordinator coordinator(store, batches(2, 2), {.ranks = 2, .timeout = 1000ms});
  const auto start = Clock::now();
  {
    StudyWorker dying(store, 1, {});
    ASSERT_EQ(dying.take()->batch, (WorkBatch{0, 1}));
  }
  coordinator.poll(arrived.listener(), start);
  coordinator.poll(arrived.listener(), start + 900ms);
  EXPECT_EQ(coordinator.handed_back(), 0);
  coordinator.poll(arrived.listener(), start + 2000ms);
  EXPECT_EQ(coordinator.handed_back(), 1);

  StudyWorker living(store, 0, {});
  for (int batch = 0; batch < 2; ++batch) {
    const auto assignment = living.take();
    living.deliver(*assignment, results_of(assignment->batch));
  }
  coordinator.poll(arrived.listener(), start + 2100ms);
  EXPECT_TRUE(coordinator.finished());
  arrived.expect_each_once(4);
}

TEST(WorkQueue, TakesTheResultsOfAWorkerThatWasThoughtDeadOnlyOnce) {
  MemoryKeyStore store;
  Arrived arrived;
  Coordinator coordinator(store, batches(1, 2), {.ranks = 2, .timeout = 1000ms});
  const auto start = Clock::now();
  std::optional<Assignment> slow, quick;
  {
    StudyWorker sleeper(store, 1, {});
    slow = sleeper.take();
  }
  coordinator.poll(arrived.listener(), start);
  coordinator.poll(arrived.listener(), start + 3000ms);
  StudyWorker other(store, 0, {});
  quick = other.take();
  EXPECT_EQ(quick->batch, slow->batch);
  other.deliver(*slow, results_of(slow->batch));
  other.deliver(*quick, results_of(quick->batch));
  coordinator.poll(arrived.listener(), start + 3100ms);
  EXPECT_TRUE(coordinator.finished());
  arrived.expect_each_once(2);
}

TEST(WorkQueue, FindsABatchWhoseWorkerDiedBeforeItSaidSo) {
  MemoryKeyStore store;
  Arrived arrived;
  Coordinator coordinator(store, batches(1, 1), {.ranks = 1, .timeout = 1000ms});
  store.add("tickets", 1);  // taken, never claimed
  const auto start = Clock::now();
  coordinator.poll(arrived.listener(), start);
  coordinator.poll(arrived.listener(), start + 1100ms);
  EXPECT_EQ(coordinator.handed_back(), 1);
}

TEST(WorkQueue, EndsWorkersThatWaitWhenTheStudyIsOver) {
  MemoryKeyStore store;
  std::optional<Assignment> given = Assignment{};
  std::jthread waiting;
  {
    const Coordinator coordinator(store, {}, {.ranks = 1});
    waiting = std::jthread([&] { given = StudyWorker(store, 0, {}).take(); });
  }
  waiting.join();
  EXPECT_FALSE(given);
}

}  // namespace
}  // namespace sketchscope::study
