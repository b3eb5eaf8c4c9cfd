// The window looks at earlier steps, goes on from them, and compares runs on the same tokens.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/run/worker.hpp"
#include "tests/support/worker_run.hpp"

namespace sketchscope::run {
namespace {

using ::testing::HasSubstr;

using support::paused_worker;
using support::records;
using support::tiny_loaded_model;
using support::tokens;
using support::wait_for;

class Past : public ::testing::Test {
 protected:
  void settle() {
    ASSERT_TRUE(
        wait_for([&] { return worker_.idle() && worker_.state()->phase != RunPhase::running; }));
  }
  void send(Command command) {
    worker_.send(std::move(command));
    settle();
  }

  Worker worker_{tiny_loaded_model(), paused_worker(), {}};
};

TEST_F(Past, IsShownAsItWasAndTheRunGoesOnAsIfNobodyHadLooked) {
  send(command::Step{20});
  const auto then = worker_.state();
  send(command::Step{15});
  send(command::LookAt{19});
  const auto state = worker_.state();
  ASSERT_TRUE(state->past);
  EXPECT_EQ(state->past->steps, 20);
  EXPECT_EQ(state->steps, 35);
  EXPECT_EQ(state->past->next_token, then->next_token);
  ASSERT_EQ(state->past->layers.size(), then->layers.size());
  for (std::size_t layer = 0; layer < then->layers.size(); ++layer) {
    EXPECT_EQ(state->past->layers[layer].cells, then->layers[layer].cells);
    EXPECT_EQ(state->past->layers[layer].tables[0].scores, then->layers[layer].tables[0].scores);
  }
  send(command::LookAt{});
  EXPECT_FALSE(worker_.state()->past);
  send(command::Step{5});
  Worker undisturbed(tiny_loaded_model(), paused_worker(), {});
  undisturbed.send(command::Step{40});
  ASSERT_TRUE(wait_for([&] { return undisturbed.state()->steps == 40; }));
  EXPECT_EQ(tokens(worker_.log()), tokens(undisturbed.log()));
}

TEST_F(Past, OfASecondRunHasItsSketchesWhereTheyAreAskedFor) {
  send(command::SetKnob{"policy", "sketch"});
  send(command::Compare{ComparedTokens::same});
  send(command::SetKnob{"sketch_width", "32"});
  send(command::ShowSketches{});
  send(command::Step{20});
  const auto then = worker_.state();
  ASSERT_TRUE(then->shows_sketches);
  ASSERT_FALSE(then->other()->layers.empty());
  EXPECT_NE(then->other()->layers[0].cells.size(), then->layers[0].cells.size());
  send(command::ShowSketches{false});
  EXPECT_TRUE(worker_.state()->other()->layers.empty()) << "nobody sees them";
  send(command::Step{15});
  send(command::LookAt{19});
  EXPECT_TRUE(worker_.state()->past->others.empty());
  send(command::ShowSketches{});
  const auto past = worker_.state()->past;
  ASSERT_TRUE(past && past->other());
  EXPECT_EQ(past->other()->steps, 20);
  for (std::size_t layer = 0; layer < then->layers.size(); ++layer) {
    EXPECT_EQ(past->layers[layer].cells, then->layers[layer].cells);
    EXPECT_EQ(past->other()->layers[layer].cells, then->other()->layers[layer].cells);
  }
}

TEST_F(Past, IsContinuedUnderOtherKnobsAndBothRunsAreKept) {
  send(command::Step{40});
  const auto whole = records(worker_.log());
  send(command::SetKnob{"max_cache_size", "8"});
  send(command::ContinueFrom{24});
  EXPECT_EQ(records(worker_.log()).size(), 25U);
  EXPECT_EQ(records(worker_.log(1)), whole) << "the run so far stays beside it";
  ASSERT_TRUE(worker_.state()->other());
  EXPECT_EQ(worker_.state()->other()->wanted.max_cache_size, 12)
      << "the turn is the new run's alone";

  send(command::Step{1});
  const auto changes = records(worker_.log()).back()->changes;
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes[0].knob, "max_cache_size");
  EXPECT_EQ(records(worker_.log())[24], whole[24]) << "what both share is the same";

  send(command::Step{20});
  EXPECT_EQ(tokens(worker_.log()).size(), tokens(worker_.log(1)).size())
      << "once they are abreast they go on together";
  for (const record::LayerRecord& layer : records(worker_.log()).back()->layers)
    EXPECT_LE(layer.stored, 8);

  send(command::Swap{});
  EXPECT_EQ(records(worker_.log())[39], whole[39]) << "and change places";
  send(command::ContinueFrom{10});
  EXPECT_EQ(records(worker_.log()).size(), 11U) << "a run can be forked again";
}

TEST_F(Past, IsContinuedExactlyWhereNothingWasTurned) {
  send(command::Step{40});
  const auto fed = tokens(worker_.log());
  send(command::ContinueFrom{17});
  send(command::Step{22});
  EXPECT_EQ(tokens(worker_.log()), fed);
}

TEST_F(Past, RefusesAStepThatIsNotThere) {
  send(command::Step{5});
  for (const std::int64_t step : {-1, 5, 1000}) send(command::ContinueFrom{step});
  const auto notices = worker_.take_notices();
  ASSERT_EQ(notices.size(), 3U);
  EXPECT_THAT(notices[0].text, HasSubstr("0 to 4"));
  EXPECT_FALSE(worker_.state()->other());
  send(command::LookAt{1000});
  EXPECT_FALSE(worker_.state()->past);
}

TEST_F(Past, TracesAPositionWhileTheRunGoesOn) {
  send(command::Step{40});
  send(command::Trace{5});
  ASSERT_TRUE(worker_.state()->trace);
  EXPECT_EQ(worker_.state()->trace->position, 5);
  EXPECT_EQ(worker_.state()->trace->steps.back(), 39);
  send(command::Trace{});
  EXPECT_FALSE(worker_.state()->trace);
  send(command::Trace{100000});
  EXPECT_THAT(worker_.take_notices().back().text, HasSubstr("position to trace"));
}

TEST_F(Past, OfTwoRunsOnTheSameTokensDiffersInNoToken) {
  send(command::Compare{ComparedTokens::same});
  send(command::SetKnob{"max_cache_size", "6"});
  send(command::Step{40});
  EXPECT_EQ(tokens(worker_.log()), tokens(worker_.log(1)));
  EXPECT_EQ(worker_.state()->other_tokens, ComparedTokens::same);
  const auto a = records(worker_.log()).back();
  const auto b = records(worker_.log(1)).back();
  EXPECT_NE(a->entropy, b->entropy) << "the caches differ";
  EXPECT_EQ(a->layers[0].stored, 6);
  EXPECT_EQ(b->layers[0].stored, 12);
  send(command::Swap{});
  send(command::Step{10});
  EXPECT_EQ(tokens(worker_.log()), tokens(worker_.log(1))) << "either may lead";
}

}  // namespace
}  // namespace sketchscope::run
