#include "engine/settings/capacity.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/core/error.hpp"
#include "engine/core/random.hpp"
#include "engine/run/watched_run.hpp"
#include "tests/support/tiny_model.hpp"

namespace sketchscope::settings {
namespace {

using ::testing::HasSubstr;

Knobs holding(TargetKind target, double value, int capacity = 64) {
  Knobs knobs{.policy = "heavy-hitter", .max_cache_size = capacity, .sinks = 2};
  knobs.recent_window = 6;
  knobs.target = target;
  knobs.target_value = value;
  return knobs;
}

std::optional<CapacityTarget::Decision> after_a_window(const Knobs& knobs, double measured,
                                                       bool evicted = true) {
  CapacityTarget target;
  if (evicted) target.note_eviction();
  for (int step = 0; step < 15; ++step) EXPECT_FALSE(target.observe(measured, knobs, 1024));
  return target.observe(measured, knobs, 1024);
}

TEST(CapacityTarget, GrowsByAnEighthWhenItIsMissedAndSaysWhy) {
  const auto mass = after_a_window(holding(TargetKind::retained_mass, 0.9), 0.85).value();
  EXPECT_EQ(mass.capacity, 72);
  EXPECT_THAT(mass.reason, HasSubstr("target retained-mass 0.9: mean 0.85 over 16 steps, missed"));
  EXPECT_EQ(after_a_window(holding(TargetKind::logit_kl, 0.1), 0.2)->capacity, 72);
}

TEST(CapacityTarget, GivesBackASixteenthWhereHalfOfTheAllowedLossIsNotUsed) {
  EXPECT_EQ(after_a_window(holding(TargetKind::retained_mass, 0.9), 0.96)->capacity, 60);
  EXPECT_EQ(after_a_window(holding(TargetKind::logit_kl, 0.1), 0.04)->capacity, 60);
}

TEST(CapacityTarget, StaysBetweenTheTwoAndWhereNothingWasEvicted) {
  EXPECT_FALSE(after_a_window(holding(TargetKind::retained_mass, 0.9), 0.93));
  EXPECT_FALSE(after_a_window(holding(TargetKind::logit_kl, 0.1), 0.07));
  EXPECT_FALSE(after_a_window(holding(TargetKind::retained_mass, 0.9), 1.0, false));
}

TEST(CapacityTarget, LeavesRoomToChooseAndNeedsNoMoreThanTheContext) {
  EXPECT_EQ(after_a_window(holding(TargetKind::logit_kl, 0.1, 10), 0.0)->capacity, 9);
  EXPECT_FALSE(after_a_window(holding(TargetKind::logit_kl, 0.1, 9), 0.0));
  EXPECT_FALSE(after_a_window(holding(TargetKind::logit_kl, 0.1, 8), 0.0));
  EXPECT_EQ(after_a_window(holding(TargetKind::logit_kl, 0.1, 1000), 1.0)->capacity, 1024);
  EXPECT_FALSE(after_a_window(holding(TargetKind::logit_kl, 0.1, 1024), 1.0));
}

TEST(CapacityTarget, IsRefusedWhereItIsNotMeasured) {
  EXPECT_THROW(check_target(holding(TargetKind::retained_mass, 0.9), false, true),
               core::UsageError);
  EXPECT_THROW(check_target(holding(TargetKind::logit_kl, 0.1), true, false), core::UsageError);
  EXPECT_NO_THROW(check_target(holding(TargetKind::none, 0.1), false, false));
  EXPECT_THROW(check_knobs(holding(TargetKind::retained_mass, 1)), core::UsageError);
}

std::vector<int> prompt() {
  core::SplitMix64 random(8);
  std::vector<int> tokens(200);
  for (int& token : tokens) token = static_cast<int>(random.below(260));
  return tokens;
}

run::WatchedRun run_of(const Knobs& knobs, bool twin, bool audit, int keyframes = 0) {
  support::TinyModelOptions options;
  options.config.positions = 256;
  Knobs streamed = knobs;
  streamed.prefill = Prefill::stream;
  return run::WatchedRun(support::make_tiny_model(options), {.knobs = streamed,
                                                             .prompt = prompt(),
                                                             .twin = twin,
                                                             .audit = audit,
                                                             .keyframe_interval = keyframes});
}

// Mean over the last steps, and how often the capacity was moved.
struct Course {
  double late_mass = 0;
  int changes = 0;
  int capacity = 0;
};

Course course_of(run::WatchedRun run) {
  Course course;
  for (int step = 0; step < 200; ++step) {
    const record::StepRecord record = run.step();
    for (const record::KnobChange& change : record.changes) {
      EXPECT_EQ(change.knob, "max_cache_size");
      EXPECT_THAT(change.note, HasSubstr("target retained-mass"));
      ++course.changes;
    }
    for (const record::LayerRecord& layer : record.layers) {
      if (step >= 150) course.late_mass += *layer.retained_mass / 50 / 2;
      EXPECT_LE(layer.stored, run.lane().knobs().max_cache_size);
    }
  }
  course.capacity = run.lane().knobs().max_cache_size;
  return course;
}

TEST(HeldTarget, TakesMoreSlotsWhereTooLittleMassIsRetained) {
  const Course fixed = course_of(run_of(holding(TargetKind::none, 0.9, 12), false, true));
  const Course held = course_of(run_of(holding(TargetKind::retained_mass, 0.9, 12), false, true));
  EXPECT_EQ(fixed.changes, 0);
  EXPECT_EQ(fixed.capacity, 12);
  EXPECT_GT(held.changes, 3);
  EXPECT_GT(held.capacity, 16);
  EXPECT_GT(held.late_mass, fixed.late_mass);
}

TEST(HeldTarget, GivesSlotsBackUnderALooseLogitTarget) {
  run::WatchedRun run = run_of(holding(TargetKind::logit_kl, 50, 40), true, false);
  bool lowered = false;
  for (int step = 0; step < 150; ++step) {
    for (const record::EvictionRecord& eviction : run.step().evictions) {
      lowered |= eviction.reason == record::EvictionReason::capacity_lowered;
    }
  }
  EXPECT_TRUE(lowered);
  EXPECT_LT(run.lane().knobs().max_cache_size, 40);
}

TEST(HeldTarget, ReplaysItsDecisionsFromAKeyframe) {
  run::WatchedRun run = run_of(holding(TargetKind::retained_mass, 0.9, 12), false, true, 25);
  std::vector<int> capacities;
  while (run.steps() < 180) {
    run.step();
    capacities.push_back(run.lane().knobs().max_cache_size);
  }
  run.rewind(70);
  for (std::size_t step = 70; step < 180; ++step) {
    run.step();
    ASSERT_EQ(run.lane().knobs().max_cache_size, capacities[step]) << "step " << step;
  }
}

TEST(HeldTarget, IsRefusedAsALiveChangeTooWhereItIsNotMeasured) {
  run::WatchedRun run = run_of(holding(TargetKind::none, 0.9), false, false);
  EXPECT_THROW(run.set_knobs(holding(TargetKind::retained_mass, 0.9)), core::UsageError);
  EXPECT_THROW(run_of(holding(TargetKind::logit_kl, 0.9), false, true), core::UsageError);
}

}  // namespace
}  // namespace sketchscope::settings
