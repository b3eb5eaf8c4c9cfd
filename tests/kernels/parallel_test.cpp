#include "kernels/parallel.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <numeric>
#include <stdexcept>
#include <thread>
#include <vector>

#include "kernels/kernel_error.hpp"

namespace sketchscope::kernels {
namespace {

class ThreadPoolOf : public ::testing::TestWithParam<int> {};

TEST_P(ThreadPoolOf, RunsEveryPartOnce) {
  ThreadPool pool(GetParam());
  for (int round = 0; round < 500; ++round) {
    const int parts = round % 23;
    std::vector<int> runs(static_cast<std::size_t>(parts));
    pool.run(parts, [&](int part) { ++runs[static_cast<std::size_t>(part)]; });
    ASSERT_THAT(runs, ::testing::Each(1)) << "round " << round;
  }
}

TEST_P(ThreadPoolOf, WakesAfterItFellAsleep) {
  ThreadPool pool(GetParam());
  for (int round = 0; round < 5; ++round) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    std::vector<int> runs(64);
    pool.run(64, [&](int part) { ++runs[static_cast<std::size_t>(part)]; });
    EXPECT_THAT(runs, ::testing::Each(1));
  }
}

TEST_P(ThreadPoolOf, FinishesEveryPartAndThenRethrowsAFailure) {
  ThreadPool pool(GetParam());
  std::vector<int> runs(16);
  const auto fail_at_seven = [&](int part) {
    ++runs[static_cast<std::size_t>(part)];
    if (part == 7) throw std::runtime_error("part seven");
  };
  EXPECT_THROW(pool.run(16, fail_at_seven), std::runtime_error);
  EXPECT_THAT(runs, ::testing::Each(1));
  EXPECT_NO_THROW(pool.run(16, [](int) {})) << "a failure belongs to its own run";
}

/// Counts the parts that each thread began and ended.
class CountingObserver final : public PartObserver {
 public:
  explicit CountingObserver(int threads)
      : begun(static_cast<std::size_t>(threads)), ended(static_cast<std::size_t>(threads)) {}
  void begin_run() override { ++runs; }
  void begin_part(int thread) override { ++begun.at(static_cast<std::size_t>(thread)); }
  void end_part(int thread) override { ++ended.at(static_cast<std::size_t>(thread)); }

  int runs = 0;
  std::vector<int> begun;  // by thread
  std::vector<int> ended;
};

TEST_P(ThreadPoolOf, ShowsAnObserverEveryPartOnTheThreadThatRunsIt) {
  ThreadPool pool(GetParam());
  CountingObserver observer(GetParam());
  pool.run(5, [](int) {});
  pool.observe(&observer);
  int all = 0;
  for (int round = 0; round < 200; ++round) {
    const int parts = round % 13;
    pool.run(parts, [](int) {});
    all += parts;
    ASSERT_EQ(observer.begun, observer.ended) << "round " << round;
    ASSERT_EQ(std::reduce(observer.ended.begin(), observer.ended.end()), all) << "round " << round;
  }
  EXPECT_THROW(pool.run(1, [](int) { throw std::runtime_error("part"); }), std::runtime_error);
  EXPECT_EQ(std::reduce(observer.ended.begin(), observer.ended.end()), all + 1);
  EXPECT_EQ(observer.runs, 200 - 16 + 1) << "a run without parts is none";
  pool.observe(nullptr);
  pool.run(7, [](int) {});
  EXPECT_EQ(std::reduce(observer.begun.begin(), observer.begun.end()), all + 1);
}

TEST_P(ThreadPoolOf, CountsTheCaller) {
  EXPECT_EQ(ThreadPool(GetParam()).threads(), GetParam());
}

INSTANTIATE_TEST_SUITE_P(Threads, ThreadPoolOf, ::testing::Values(1, 2, 3, 8));

TEST(ThreadPool, OfOneRunsInTheCallersThread) {
  ThreadPool pool(1);
  std::thread::id runner;
  pool.run(1, [&](int) { runner = std::this_thread::get_id(); });
  EXPECT_EQ(runner, std::this_thread::get_id());
}

TEST(ThreadPool, OfNoneIsRefused) {
  EXPECT_THROW(ThreadPool(0), KernelError);
}

}  // namespace
}  // namespace sketchscope::kernels
