// Runs that are given the tokens of a text.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "engine/record/step_record.hpp"
#include "engine/run/worker.hpp"
#include "engine/schedule/schedule.hpp"
#include "tests/support/worker_run.hpp"

namespace sketchscope::run {
namespace {

using ::testing::ElementsAreArray;
using ::testing::HasSubstr;

using support::paused_worker;
using support::records;
using support::tiny_loaded_model;
using support::tokens;
using support::wait_for;

const std::vector<int> kText = {5, 9, 2, 7, 7, 1, 3, 8, 4, 6, 2, 9, 5, 1, 8, 3, 7, 2, 6, 4, 9, 1};

/// The mean negative log-likelihood of the tokens that were predicted, nats.
double mean_nll(const record::RecordLog& log) {
  double sum = 0;
  int count = 0;
  for (const auto& record : records(log)) {
    if (!record->token_probability) continue;
    sum -= std::log(*record->token_probability);
    ++count;
  }
  return sum / count;
}

/// Returns the mean NLL of the text by the schedule that evaluations use.
double scheduled_nll(settings::Knobs knobs) {
  knobs.prefill = settings::Prefill::stream;
  decode::Session session(tiny_loaded_model().model, 1);
  const std::vector<int> first = {kText.front()};
  const std::vector<int> rest(kText.begin() + 1, kText.end());
  schedule::LaneRequest request;
  request.lane.knobs = knobs;
  request.passage = {.prompt = first, .given = rest, .drawn = {}};
  const std::vector<schedule::LaneGroup> groups = {{request}};
  const auto outcome = schedule::run_schedule(session, {.groups = groups, .lanes = 1}, {});
  return outcome.groups[0][0].nll / outcome.groups[0][0].scored;
}

class FedRun : public ::testing::Test {
 protected:
  void settle() {
    ASSERT_TRUE(
        wait_for([&] { return worker_.idle() && worker_.state()->phase != RunPhase::running; }));
  }
  void feed() {
    worker_.send(command::Feed{.text = {}, .tokens = kText});
    settle();
  }

  Worker worker_{tiny_loaded_model(), paused_worker(), {}};
};

TEST_F(FedRun, IsGivenEveryTokenOfTheTextAndPausesAtItsEnd) {
  feed();
  EXPECT_THAT(tokens(worker_.log()), ElementsAreArray(kText));
  EXPECT_EQ(worker_.state()->steps, std::ssize(kText)) << "one by one";
  EXPECT_EQ(worker_.state()->phase, RunPhase::paused);
  EXPECT_EQ(worker_.state()->text_tokens, kText.size());
  EXPECT_THAT(worker_.state()->stopped, HasSubstr("all 22 tokens of the text were given"));
  for (const auto& record : records(worker_.log())) EXPECT_EQ(record->prompt_tokens, 1);
}

TEST_F(FedRun, ScoresTokensAsAnEvaluationDoes) {
  feed();
  EXPECT_NEAR(mean_nll(worker_.log()), scheduled_nll(paused_worker().knobs), 1e-6);
}

TEST_F(FedRun, ScoresBothOfTwoRunsOnTheSameTokens) {
  worker_.send(command::Compare{ComparedTokens::same});
  worker_.send(
      command::SetKnobs{{.policy = "window", .max_cache_size = 8, .sinks = 2, .recent_window = 3}});
  feed();
  EXPECT_THAT(tokens(worker_.log(1)), ElementsAreArray(kText));
  EXPECT_NEAR(
      mean_nll(worker_.log()),
      scheduled_nll({.policy = "window", .max_cache_size = 8, .sinks = 2, .recent_window = 3}),
      1e-6);
  EXPECT_NEAR(mean_nll(worker_.log(1)), scheduled_nll(paused_worker().knobs), 1e-6);
}

TEST_F(FedRun, DrawsItsOwnTokensAfterTheText) {
  feed();
  worker_.send(command::Step{3});
  settle();
  const auto all = records(worker_.log());
  ASSERT_EQ(all.size(), kText.size() + 3);
  EXPECT_EQ(all.back()->prompt_tokens, 0);
}

TEST_F(FedRun, IsFedTheSameTextAgainByARestart) {
  feed();
  worker_.send(command::Restart{});
  worker_.send(command::Play{});
  settle();
  EXPECT_THAT(tokens(worker_.log()), ElementsAreArray(kText));
  worker_.send(command::Restart{"1 2"});
  settle();
  EXPECT_EQ(worker_.state()->text_tokens, 0U);
}

TEST_F(FedRun, IsGivenTheBeginningOfATextThatIsLongerThanTheContext) {
  const int positions = worker_.model().config.positions;
  std::vector<int> text;
  for (int i = 0; i < positions + 9; ++i) text.push_back(kText[static_cast<std::size_t>(i) % 22]);
  worker_.send(command::Feed{.text = {}, .tokens = text});
  settle();
  EXPECT_EQ(worker_.state()->steps, positions);
  EXPECT_THAT(worker_.state()->stopped, HasSubstr("the first " + std::to_string(positions)));
}

TEST_F(FedRun, IsRefusedWithoutATextAndLeavesTheRunAsItWas) {
  worker_.send(command::Step{4});
  settle();
  worker_.send(command::Feed{.text = "not ids", .tokens = {}});
  settle();
  EXPECT_EQ(worker_.state()->steps, 4);
  EXPECT_FALSE(worker_.take_notices().empty());
}

TEST_F(FedRun, ComesBackByItsRecordingStepByStep) {
  worker_.send(command::SetKnob{"max_cache_size", "9"});
  worker_.send(command::Step{20});
  settle();
  const auto before = records(worker_.log());
  const auto recording = std::make_shared<const Recording>(recording_of(
      records(worker_.log()).empty() ? settings::Knobs() : paused_worker().knobs, before));
  feed();
  worker_.send(command::Resume{.prompt = "1 2 3", .recording = recording});
  settle();
  const auto after = records(worker_.log());
  ASSERT_EQ(after.size(), before.size());
  for (std::size_t step = 0; step < after.size(); ++step) {
    EXPECT_EQ(after[step]->tokens, before[step]->tokens) << step;
    EXPECT_EQ(after[step]->entropy, before[step]->entropy) << step;
    EXPECT_EQ(after[step]->evictions.size(), before[step]->evictions.size()) << step;
  }
  EXPECT_EQ(worker_.prompt(), "1 2 3");
  EXPECT_EQ(worker_.state()->wanted.max_cache_size, 9);
  EXPECT_EQ(worker_.state()->text_tokens, 0U);
  EXPECT_EQ(worker_.state()->phase, RunPhase::paused);
}

}  // namespace
}  // namespace sketchscope::run
