#include "engine/run/pacing.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace sketchscope::run {
namespace {

using Clock = Pacing::Clock;

record::StepRecord record_of(std::int64_t step) {
  record::StepRecord record;
  record.step = step;
  return record;
}

TEST(Pacing, OwesTheStepsThatWereAskedForAndNoMore) {
  Pacing pacing(true, 0);
  pacing.step(2);
  pacing.step(-5);
  pacing.step(1);
  for (int step = 0; step < 3; ++step) {
    EXPECT_EQ(pacing.next_due({}), Clock::time_point{}) << "at once";
    pacing.count_step();
  }
  EXPECT_FALSE(pacing.next_due({})) << "asking for steps pauses a run that plays";
  pacing.count_step();
  EXPECT_FALSE(pacing.next_due({}));
}

TEST(Pacing, LeavesAsMuchTimeBetweenStepsAsTheSpeedSaysButNotInAPromptOrAReplay) {
  Pacing pacing(true, 4);
  const auto before = Clock::now();
  pacing.note_step();
  const auto after = Clock::now();
  const auto due = pacing.next_due({});
  ASSERT_TRUE(due);
  EXPECT_GE(*due - before, std::chrono::milliseconds(250));
  EXPECT_LE(*due - after, std::chrono::milliseconds(250));
  EXPECT_EQ(pacing.next_due({.prompt = true}), Clock::time_point{});
  pacing.set_speed(-1);
  EXPECT_EQ(pacing.next_due({}), Clock::time_point{}) << "0 and less are unlimited";
  EXPECT_EQ(pacing.tokens_per_second(), 0);
  pacing.pause();
  EXPECT_FALSE(pacing.next_due({.prompt = true}));
  EXPECT_EQ(pacing.next_due({.replay = true}), Clock::time_point{}) << "a replay is not paused";
}

TEST(Pacing, StopsAtABreakpointThoughStepsAskedForBeforeAreLeft) {
  Pacing pacing(false, 0);
  pacing.step(10);
  pacing.run_until({Breakpoint::Kind::step, 3});
  for (int step = 0; step < 3; ++step) {
    pacing.check_breakpoint(record_of(step));
    ASSERT_TRUE(pacing.next_due({}));
    pacing.count_step();
  }
  pacing.check_breakpoint(record_of(3));
  EXPECT_FALSE(pacing.next_due({}));
  EXPECT_FALSE(pacing.until());
  EXPECT_EQ(pacing.stopped(), "step 3 is reached");
  pacing.play();
  EXPECT_EQ(pacing.stopped(), "") << "who goes on knows why it stopped";
}

TEST(Pacing, ForgetsWhatWasAskedOfTheFormerRunButKeepsPlaying) {
  Pacing pacing(true, 0);
  pacing.step(3);
  pacing.run_until({Breakpoint::Kind::eviction});
  pacing.begin_run(7);
  EXPECT_FALSE(pacing.until());
  EXPECT_TRUE(pacing.next_due({}));
  EXPECT_TRUE(pacing.catches_up(6));
  EXPECT_FALSE(pacing.catches_up(7));
  EXPECT_FALSE(pacing.is_new(7));
  EXPECT_TRUE(pacing.is_new(8));
  pacing.pause();
  EXPECT_FALSE(pacing.next_due({})) << "no step is owed";
}

TEST(Pacing, MakesNoStepOfARunThatFailed) {
  Pacing pacing(true, 0);
  pacing.step(3);
  pacing.fail();
  EXPECT_FALSE(pacing.next_due({}));
  EXPECT_FALSE(pacing.next_due({.replay = true}));
  pacing.begin_run();
  EXPECT_FALSE(pacing.failed());
  EXPECT_FALSE(pacing.next_due({})) << "the new run waits";
}

}  // namespace
}  // namespace sketchscope::run
