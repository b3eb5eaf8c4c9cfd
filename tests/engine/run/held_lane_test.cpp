// The full cache of several runs that were fed the same tokens is computed and held once, until
// their tokens part.
#include "engine/run/held_lane.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "engine/core/error.hpp"
#include "engine/run/watched_run.hpp"
#include "tests/support/tiny_model.hpp"

namespace sketchscope::run {
namespace {

RunOptions options_of(const settings::Knobs& knobs) {
  return {.knobs = knobs,
          .prompt = {1, 2, 3, 4, 5},
          .twin = true,
          .audit = true,
          .keyframe_interval = 4};
}

/// Runs of one session that follow the first one's tokens, each at another capacity.
class SharedTwin : public testing::Test {
 protected:
  SharedTwin() {
    for (const int capacity : {12, 14, 16}) {
      settings::Knobs knobs;
      knobs.max_cache_size = capacity;
      knobs.sinks = 1;
      knobs.recent_window = 4;
      runs_.push_back(std::make_unique<WatchedRun>(session_, options_of(knobs)));
    }
  }

  WatchedRun& run(std::size_t index) { return *runs_[index]; }
  void step(const std::vector<WatchedRun*>& runs) { (void)WatchedRun::step_together(runs); }
  void step_all() { step({&run(0), &run(1), &run(2)}); }
  void follow_first() {
    for (const auto& other : runs_) other->take_token(*run(0).next_token());
  }
  /// Returns the logits of a full cache that was fed the run's tokens alone.
  std::vector<float> logits_alone(const WatchedRun& of) {
    RunOptions options = options_of(of.options().knobs);
    const auto fed = of.lane().tokens().subspan(options.prompt.size());
    options.forced.assign(fed.begin(), fed.end());
    WatchedRun alone(model_, options);
    while (alone.steps() < of.steps()) alone.step();
    const auto logits = alone.twin()->logits();
    return {logits.begin(), logits.end()};
  }
  void expect_right(const WatchedRun& of) {
    EXPECT_TRUE(std::ranges::equal(of.twin()->logits(), logits_alone(of)));
    EXPECT_TRUE(std::ranges::equal(of.twin()->tokens(), of.lane().tokens()));
  }
  void expect_all_right() {
    for (const auto& one : runs_) expect_right(*one);
  }

  std::shared_ptr<const model::Model> model_ = support::make_tiny_model();
  std::shared_ptr<decode::Session> session_ = std::make_shared<decode::Session>(model_, 1);
  std::vector<std::unique_ptr<WatchedRun>> runs_;
};

TEST_F(SharedTwin, IsFedOnceForAllRunsOnTheSameTokens) {
  step_all();
  follow_first();
  EXPECT_EQ(run(0).twin(), run(1).twin());
  EXPECT_EQ(run(0).twin(), run(2).twin());
  for (int count = 0; count < 20; ++count) {
    const auto before = session_->tokens_forwarded();
    step_all();
    follow_first();
    ASSERT_EQ(session_->tokens_forwarded() - before, 4) << "three lanes and one twin";
  }
  expect_all_right();
}

TEST_F(SharedTwin, PartsWhereTheTokensPartAndIsNotSharedAgain) {
  step_all();
  follow_first();
  step_all();
  follow_first();
  run(1).take_token((*run(0).next_token() + 1) % 256);
  step_all();
  EXPECT_NE(run(0).twin(), run(1).twin());
  EXPECT_EQ(run(0).twin(), run(2).twin());
  for (int count = 0; count < 5; ++count) {
    follow_first();
    step_all();
  }
  EXPECT_NE(run(0).twin(), run(1).twin()) << "one token differs";
  EXPECT_EQ(run(0).twin(), run(2).twin());
  expect_all_right();
}

TEST_F(SharedTwin, StaysAsItIsForARunThatTakesNoPartInAPass) {
  step_all();
  follow_first();
  EXPECT_EQ(run(0).twin(), run(2).twin());
  step({&run(0), &run(1)});
  EXPECT_EQ(run(0).twin(), run(1).twin());
  EXPECT_NE(run(0).twin(), run(2).twin());
  expect_all_right();
  step({&run(2)});
  expect_all_right();
  step_all();
  EXPECT_EQ(run(0).twin(), run(2).twin()) << "they meet again at the same tokens";
  expect_all_right();
}

TEST_F(SharedTwin, StaysAsItIsForTheOthersWhenOneRunRewinds) {
  for (int count = 0; count < 10; ++count) {
    step_all();
    follow_first();
  }
  const std::vector<int> before(run(0).lane().tokens().begin(), run(0).lane().tokens().end());
  run(1).rewind(3);
  EXPECT_EQ(run(0).twin(), run(2).twin());
  EXPECT_TRUE(std::ranges::equal(run(0).twin()->tokens(), before));
  expect_all_right();
}

TEST_F(SharedTwin, IsEachRunsOwnWhereOneKeepsTheAttentionOfItsSteps) {
  RunOptions options = options_of(run(0).options().knobs);
  options.keep_attention = true;
  WatchedRun keeping(session_, options);
  step({&run(0), &keeping});
  keeping.take_token(*run(0).next_token());
  step({&run(0), &keeping});
  EXPECT_NE(run(0).twin(), keeping.twin());
  EXPECT_FALSE(keeping.twin()->layer(0).attended().mass.empty());
}

TEST_F(SharedTwin, EndsForAllRunsAtTheEndOfTheContext) {
  step_all();
  follow_first();
  while (!run(0).at_context_end()) {
    step_all();
    if (run(0).next_token()) follow_first();
  }
  EXPECT_EQ(run(0).twin(), run(2).twin());
  expect_all_right();
  EXPECT_THROW(step_all(), core::Error);
  expect_all_right();
}

TEST_F(SharedTwin, OutlivesTheRunThatIsRemoved) {
  step_all();
  follow_first();
  runs_.erase(runs_.begin());
  step({&run(0), &run(1)});
  EXPECT_EQ(run(0).twin(), run(1).twin());
  expect_all_right();
}

TEST_F(SharedTwin, IsNotSharedByRunsWhosePromptsEndElsewhere) {
  // The sums of a prompt in one pass are not those of its tokens one by one.
  RunOptions shorter = options_of({});
  shorter.prompt = {1, 2, 3};
  shorter.forced = {4, 5};
  WatchedRun other(session_, shorter);
  for (int count = 0; count < 3; ++count) other.step();
  run(0).step();
  other.take_token(*run(0).next_token());
  step({&run(0), &other});
  EXPECT_TRUE(std::ranges::equal(run(0).lane().tokens(), other.lane().tokens()));
  EXPECT_NE(run(0).twin(), other.twin());
}

}  // namespace
}  // namespace sketchscope::run
