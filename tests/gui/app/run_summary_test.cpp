#include "gui/app/run_summary.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <vector>

#include "gui/app/frame_times.hpp"
#include "gui/app/run_bar.hpp"

namespace sketchscope::app {
namespace {

std::shared_ptr<record::StepRecord> single_step(double total_ms, double policy_ms) {
  auto record = std::make_shared<record::StepRecord>();
  record->tokens = {1};
  record->times.total_ms = total_ms;
  record->times.policy_ms = policy_ms;
  return record;
}

/// The steps as one run.
view::History run_of(const std::vector<std::shared_ptr<record::StepRecord>>& steps) {
  view::History history;
  int fed = 0;
  for (const auto& step : steps) {
    fed += static_cast<int>(step->tokens.size());
    step->step = static_cast<std::int64_t>(history.size());
    step->position = fed - 1;
    history.append(step);
  }
  return history;
}

TEST(RunSummary, HasNothingToSayBeforeTheFirstStep) {
  const RunSummary summary = summarize({});
  EXPECT_FALSE(summary.step_ms);
  EXPECT_FALSE(summary.policy_share);
  EXPECT_FALSE(summary.given_perplexity_change);
  EXPECT_FALSE(summary.drawn.logit_kl);
  EXPECT_FALSE(summary.cache_change);
}

TEST(RunSummary, DoesNotCountTheTimeOfThePrompt) {
  auto prompt = single_step(900, 0);
  prompt->tokens = {1, 2, 3};
  const RunSummary summary =
      summarize(run_of({prompt, single_step(2, 0.5), single_step(4, 1), single_step(3, 0)}));
  EXPECT_DOUBLE_EQ(*summary.step_ms, 3);
  EXPECT_DOUBLE_EQ(*summary.policy_share, 1.5 / 9);
}

TEST(RunSummary, ComparesPerplexitiesOfTheSameGivenTokens) {
  auto both = single_step(1, 0);
  both->token_probability = 0.2;
  both->twin_token_probability = 0.4;
  auto lane_only = single_step(1, 0);
  lane_only->token_probability = 0.001;
  auto equal = single_step(1, 0);
  equal->token_probability = 0.5;
  equal->twin_token_probability = 0.5;
  for (const auto& step : {both, lane_only, equal}) step->prompt_tokens = 1;
  // exp of the mean negative logarithms: √(1/0.2 · 1/0.5) against √(1/0.4 · 1/0.5).
  EXPECT_NEAR(*summarize(run_of({both, lane_only, equal})).given_perplexity_change,
              std::sqrt(10.0) / std::sqrt(5.0) - 1, 1e-12);
}

TEST(RunSummary, HasNoPerplexityOfTokensThatTheLaneDrew) {
  auto drawn = single_step(1, 0);
  drawn->token_probability = 0.99;
  drawn->twin_token_probability = 0.001;
  EXPECT_FALSE(summarize(run_of({drawn, drawn})).given_perplexity_change);
}

TEST(RunSummary, CountsAllThatThePolicyKeepsAgainstTheFullCache) {
  auto record = single_step(1, 0);
  record->memory.kv_stored = 100;
  record->memory.sketch = 20;
  record->memory.statistics = 5;
  record->memory.audit = 10'000;
  record->memory.kv_full = 500;
  EXPECT_DOUBLE_EQ(*summarize(run_of({record})).cache_change, 0.25 - 1);
}

TEST(FrameTimes, RanksTheLatestFrames) {
  FrameTimes times;
  EXPECT_FALSE(times.percentile(0.5));
  for (int i = 1; i <= 100; ++i) times.add(i);
  EXPECT_EQ(times.percentile(0.5), 50);
  EXPECT_EQ(times.percentile(0.99), 99);
  for (int i = 0; i < 1024; ++i) times.add(7);
  EXPECT_EQ(times.percentile(1), 7) << "old frames are forgotten";
}

TEST(SpeedSlider, GoesFromOneToAThousandAndThenToUnlimited) {
  EXPECT_DOUBLE_EQ(speed_at(0), 1);
  EXPECT_DOUBLE_EQ(speed_at(share_of_speed(10)), 10);
  EXPECT_DOUBLE_EQ(speed_at(share_of_speed(1000) - 1e-9), 1000);
  EXPECT_EQ(speed_at(1), 0);
  EXPECT_EQ(share_of_speed(0), 1);
  double before = 0;
  for (double share = 0; share < 0.97; share += 0.01) {
    EXPECT_GE(speed_at(share), before);
    before = speed_at(share);
  }
}

}  // namespace
}  // namespace sketchscope::app
