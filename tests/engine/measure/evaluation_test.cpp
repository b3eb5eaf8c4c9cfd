#include "engine/measure/evaluation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "engine/core/error.hpp"
#include "engine/core/random.hpp"
#include "tests/support/reference_run.hpp"
#include "tests/support/tiny_model.hpp"

namespace sketchscope {
namespace {

std::vector<int> tokens_of(int count) {
  SplitMix64 random(11);
  std::vector<int> tokens;
  for (int i = 0; i < count; ++i) tokens.push_back(static_cast<int>(random.below(260)));
  return tokens;
}

/// Mean NLL by the independent implementation, and the victims it counted.
std::pair<double, std::int64_t> reference(const Knobs& knobs, std::span<const int> tokens,
                                          std::size_t context) {
  const testing::TinyModelOptions options;
  const Checkpoint checkpoint = testing::make_tiny_checkpoint(options);
  double sum = 0;
  std::int64_t scored = 0;
  std::int64_t evictions = 0;
  for (std::size_t start = 0; start < tokens.size(); start += context) {
    const auto chunk = tokens.subspan(start, std::min(context, tokens.size() - start));
    if (chunk.size() < 2) continue;
    testing::ReferenceRun run(options.config, checkpoint, knobs);
    for (std::size_t i = 0; i < chunk.size(); ++i) {
      const std::vector<double> logits = run.feed(chunk[i]);
      if (i + 1 == chunk.size()) break;
      double total = 0;
      for (const double logit : logits) total += std::exp(logit);
      sum += std::log(total) - logits[static_cast<std::size_t>(chunk[i + 1])];
      ++scored;
    }
    evictions += static_cast<std::int64_t>(run.evictions().size());
  }
  return {sum / static_cast<double>(scored), evictions};
}

Evaluation measured(const Knobs& knobs, std::span<const int> tokens, EvaluationOptions options) {
  options.knobs = knobs;
  return evaluate(testing::make_tiny_model(), tokens, options, {}, {});
}

class EveryPolicyEvaluated : public ::testing::TestWithParam<std::string> {};

TEST_P(EveryPolicyEvaluated, HasThePerplexityAndEvictionCountOfAnIndependentImplementation) {
  Knobs knobs;
  knobs.policy = GetParam();
  knobs.max_cache_size = 14;
  knobs.recent_window = 5;
  knobs.sketch_width = 32;
  const std::vector<int> tokens = tokens_of(150);
  const auto [nll, evictions] = reference(knobs, tokens, 48);
  for (const int lanes : {1, 3, 8}) {
    const Evaluation result = measured(knobs, tokens, {.context = 48, .lanes = lanes});
    EXPECT_EQ(result.scored, 150 - 4);
    EXPECT_NEAR(result.perplexity() / std::exp(nll), 1, 1e-4);
    EXPECT_EQ(result.totals.evictions(), evictions);
  }
  EXPECT_EQ(evictions == 0, knobs.policy == "full");
}

INSTANTIATE_TEST_SUITE_P(Policies, EveryPolicyEvaluated,
                         ::testing::Values("full", "window", "heavy-hitter", "sketch"),
                         [](const auto& parameter) {
                           std::string name = parameter.param;
                           std::erase(name, '-');
                           return name;
                         });

TEST(Evaluation, SkipsAChunkOfOneToken) {
  EXPECT_EQ(measured({}, tokens_of(33), {.context = 16}).scored, 30);
  EXPECT_EQ(measured({}, tokens_of(1), {.context = 16}).scored, 0);
}

TEST(Evaluation, FindsNoDivergenceUnderTheFullPolicy) {
  Knobs knobs;
  knobs.policy = "full";
  const Evaluation result = measured(knobs, tokens_of(64), {.context = 32, .twin = true});
  EXPECT_EQ(result.totals.logit_kl(), 0.0);
  EXPECT_EQ(result.totals.top1_agreement(), 1.0);
  EXPECT_EQ(result.totals.retained_mass(), 1.0);
}

TEST(Evaluation, ChangesNothingByMeasuring) {
  Knobs knobs;
  knobs.max_cache_size = 10;
  const std::vector<int> tokens = tokens_of(60);
  const Evaluation bare = measured(knobs, tokens, {.context = 60, .audit = false});
  const Evaluation watched = measured(knobs, tokens, {.context = 60, .twin = true});
  EXPECT_EQ(bare.nll, watched.nll);
  EXPECT_FALSE(bare.totals.retained_mass());
  EXPECT_FALSE(bare.totals.logit_kl());
  EXPECT_EQ(bare.totals.memory_peak().audit, 0U);
  EXPECT_LT(watched.totals.retained_mass().value(), 1.0);
}

TEST(Evaluation, RefusesAContextTheModelCannotHold) {
  EXPECT_THROW(measured({}, tokens_of(10), {.context = 65}), UsageError);
  EXPECT_THROW(measured({}, tokens_of(10), {.context = 1}), UsageError);
}

TEST(Evaluation, EndsAtTheNextStepWhenItIsAskedToStop) {
  std::stop_source source;
  source.request_stop();
  const Evaluation result =
      evaluate(testing::make_tiny_model(), tokens_of(60), {}, {}, source.get_token());
  EXPECT_TRUE(result.interrupted);
  EXPECT_EQ(result.totals.passes(), 0U);
}

}  // namespace
}  // namespace sketchscope
