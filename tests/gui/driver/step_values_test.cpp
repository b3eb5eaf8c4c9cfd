#include "gui/driver/step_values.hpp"

#include <gtest/gtest.h>

#include "engine/core/text.hpp"
#include "engine/trace/operation_sums.hpp"
#include "tests/support/invented_run.hpp"

namespace sketchscope::driver {
namespace {

class StepValues : public ::testing::Test {
 protected:
  StepValues() {
    for (int step = 0; step < 30; ++step) history_.append(run_.step());
    state_ = run_.state();
  }
  [[nodiscard]] Values values() const {
    Values found;
    add_step_values(
        found,
        {.state = state_, .history = history_, .other_history = other_, .selection = selection_});
    return found;
  }

  test::InventedRun run_;
  view::History history_;
  view::History other_;
  run::LiveState state_;
  widgets::Selection selection_;
};

TEST_F(StepValues, AreThoseOfTheStepShown) {
  selection_.locked_step = 12;
  const Values found = values();
  const trace::StepMeans means = trace::mean_of({&state_.step_traces[12], 1});
  EXPECT_EQ(found.at("step.ms"), core::number_text(means.ms));
  EXPECT_EQ(found.at("step.threads"), "2");
  EXPECT_EQ(found.at("step.up_projection.calls"), "6");
  EXPECT_EQ(found.at("step.query_key_value.bytes"), core::number_text(6 * 600'000.0));
  EXPECT_EQ(found.at("step.sample.bound_share"), kAbsentValue);
  EXPECT_NE(found.at("step.attention.bound_share"), kAbsentValue);
}

TEST_F(StepValues, AreAbsentWhereTheStepIsNotKept) {
  state_.step_traces.clear();
  const Values found = values();
  EXPECT_EQ(found.at("step.ms"), kAbsentValue);
  EXPECT_EQ(found.size(), 1U);
}

}  // namespace
}  // namespace sketchscope::driver
