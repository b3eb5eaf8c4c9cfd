#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/session/watched_run.hpp"
#include "tests/support/random_knobs.hpp"
#include "tests/support/tiny_model.hpp"

namespace sketchscope {
namespace {

struct Course {
  std::vector<int> tokens;
  std::vector<std::vector<int>> evicted;  ///< positions, by step
  std::vector<double> entropies;

  friend bool operator==(const Course&, const Course&) = default;
};

Course course_of(const Knobs& knobs) {
  WatchedRun run(testing::make_tiny_model(), {.knobs = knobs,
                                              .prompt = {5, 80, 7, 200, 31, 44, 80, 7},
                                              .twin = false,
                                              .audit = false,
                                              .threads = 1});
  Course course;
  for (int step = 0; step < 40; ++step) {
    const StepRecord record = run.step();
    course.entropies.push_back(record.entropy);
    course.tokens.insert(course.tokens.end(), record.tokens.begin(), record.tokens.end());
    course.evicted.emplace_back();
    for (const EvictionRecord& eviction : record.evictions) {
      course.evicted.back().push_back(eviction.position);
    }
  }
  return course;
}

TEST(KnobTable, CallsAKnobWithoutEffectOneThatDoesNotMatter) {
  SplitMix64 random(11);
  int compared = 0;
  for (int round = 0; round < 12; ++round) {
    const Knobs knobs = testing::random_knobs(random);
    const Knobs others = testing::random_knobs(random);
    const Course course = course_of(knobs);
    for (const KnobInfo& knob : knob_table()) {
      if (knob.matters(knobs)) continue;
      Knobs changed = knobs;
      set_knob(changed, knob.name, knob_text(others, knob));
      if (changed == knobs) continue;
      EXPECT_EQ(course_of(changed), course)
          << knob.name << " " << knob_text(others, knob) << " in " << testing::describe(knobs);
      ++compared;
    }
  }
  EXPECT_GT(compared, 30);
}

}  // namespace
}  // namespace sketchscope
