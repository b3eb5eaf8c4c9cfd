#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/run/watched_run.hpp"
#include "tests/support/random_knobs.hpp"
#include "tests/support/tiny_model.hpp"

namespace sketchscope::settings {
namespace {

struct RunCourse {
  std::vector<int> tokens;
  std::vector<std::vector<int>> evicted;  ///< positions, by step
  std::vector<double> entropies;

  friend bool operator==(const RunCourse&, const RunCourse&) = default;
};

RunCourse course_of(const Knobs& knobs) {
  run::WatchedRun run(support::make_tiny_model(), {.knobs = knobs,
                                                   .prompt = {5, 80, 7, 200, 31, 44, 80, 7},
                                                   .twin = false,
                                                   .audit = false,
                                                   .threads = 1});
  RunCourse course;
  for (int step = 0; step < 40; ++step) {
    const record::StepRecord record = run.step();
    course.entropies.push_back(record.entropy);
    course.tokens.insert(course.tokens.end(), record.tokens.begin(), record.tokens.end());
    course.evicted.emplace_back();
    for (const record::EvictionRecord& eviction : record.evictions) {
      course.evicted.back().push_back(eviction.position);
    }
  }
  return course;
}

TEST(KnobTable, SaysOfNoKnobThatARunDependsOnThatItHasNoEffect) {
  core::SplitMix64 random(11);
  int compared = 0;
  for (int round = 0; round < 12; ++round) {
    const Knobs knobs = support::random_knobs(random);
    const Knobs others = support::random_knobs(random);
    const RunCourse course = course_of(knobs);
    for (const KnobInfo& knob : knob_table()) {
      if (knob.has_effect(knobs)) continue;
      Knobs changed = knobs;
      set_knob(changed, knob.name, knob_text(others, knob));
      if (changed == knobs) continue;
      EXPECT_EQ(course_of(changed), course)
          << knob.name << " " << knob_text(others, knob) << " in " << support::describe(knobs);
      ++compared;
    }
  }
  EXPECT_GT(compared, 30);
}

}  // namespace
}  // namespace sketchscope::settings
