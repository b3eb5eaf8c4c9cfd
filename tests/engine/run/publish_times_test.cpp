// Publish times are recorded if and only if the state is read.
#include "engine/run/run_control.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "tests/support/worker_run.hpp"

namespace sketchscope::run {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::Gt;
using ::testing::SizeIs;

using support::paused_worker;
using support::tiny_loaded_model;
using support::wait_for;

TEST(PublishTimes, AreZeroWhereNobodyLookedAndThoseOfTheFirstLookElsewhere) {
  PublishTimes times;
  times.note(1, 0, 9);
  EXPECT_THAT(*times.by_step(), SizeIs(0)) << "no step was made yet";
  times.note(1, 1, 0.5);
  times.note(1, 4, 0.25);
  times.note(1, 4, 7);
  EXPECT_THAT(*times.by_step(), ElementsAre(0.5, 0, 0, 0.25));
  times.note(1, 2, 3);
  EXPECT_THAT(*times.by_step(), ElementsAre(0.5, 0)) << "the run went back";
  times.note(2, 2, 3);
  EXPECT_THAT(*times.by_step(), ElementsAre(0, 3)) << "another run";
}

class PublishedRun : public ::testing::Test {
 protected:
  PublishedRun() { control_.start(); }
  void step(int count) {
    control_.carry_out(command::Step{count});
    for (int made = 0; made < count; ++made) control_.step();
  }
  std::vector<double> publish_ms() { return *control_.live_state().publish_ms; }

  std::array<record::RecordLog, 2> logs_;
  RunControl control_{tiny_loaded_model(), paused_worker(), logs_};
};

TEST_F(PublishedRun, CountsPublishingAfterStepsThatAreLookedAt) {
  for (int look = 0; look < 6; ++look) {
    step(1);
    (void)control_.live_state();
  }
  EXPECT_THAT(publish_ms(), SizeIs(6));
  EXPECT_THAT(publish_ms(), Each(Gt(0)));
}

TEST_F(PublishedRun, CountsNothingAfterStepsThatNobodyLooksAt) {
  step(8);
  const std::vector<double> times = publish_ms();
  ASSERT_EQ(times.size(), 8U);
  EXPECT_EQ(std::ranges::count(times, 0.0), 7);
  EXPECT_GT(times.back(), 0) << "but for the look that this test takes";
  EXPECT_EQ(publish_ms(), times) << "looking again while nothing moves is not the step's";
}

TEST_F(PublishedRun, BeginsAnewWithAnotherRun) {
  step(3);
  (void)publish_ms();
  control_.carry_out(command::Restart{});
  EXPECT_THAT(publish_ms(), SizeIs(0));
}

TEST(PublishingWorker, SkipsStepsThatNobodyReads) {
  Worker worker(tiny_loaded_model(), paused_worker(), {});
  worker.send(command::Step{40});
  ASSERT_TRUE(wait_for([&] { return support::records(worker.log()).size() == 40; }));
  ASSERT_TRUE(wait_for([&] { return worker.idle() && worker.state()->steps == 40; }));
  const std::vector<double> times = *worker.state()->publish_ms;
  ASSERT_EQ(times.size(), 40U);
  EXPECT_GE(std::ranges::count(times, 0.0), 30);
  EXPECT_GT(times.back(), 0) << "the last is published though nobody asked for it";
}

}  // namespace
}  // namespace sketchscope::run
