#include "engine/measure/continuation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "engine/core/error.hpp"
#include "engine/core/random.hpp"
#include "engine/run/watched_run.hpp"
#include "tests/support/tiny_model.hpp"

namespace sketchscope::measure {
namespace {

std::vector<std::vector<int>> random_prompts(int count) {
  core::SplitMix64 random(7);
  std::vector<std::vector<int>> prompts(static_cast<std::size_t>(count));
  for (auto& prompt : prompts) {
    prompt.resize(20 + random.below(12));
    for (int& token : prompt) token = static_cast<int>(random.below(250));
  }
  return prompts;
}

const settings::Knobs kCapped{.policy = "heavy-hitter", .max_cache_size = 12, .recent_window = 4};

Continuations continued(const std::vector<std::vector<int>>& prompts,
                        const ContinuationOptions& options) {
  return continue_prompts(support::make_tiny_model(), prompts, options, {}, {});
}

class EveryPrefill : public ::testing::TestWithParam<settings::Prefill> {};

TEST_P(EveryPrefill, ContinuesEachPromptAsItIsGeneratedAloneWhateverTheLanes) {
  const auto prompts = random_prompts(5);
  settings::Knobs knobs = kCapped;
  knobs.prefill = GetParam();
  for (const int lanes : {1, 3, 8}) {
    const auto all = continued(prompts, {.knobs = knobs, .max_new_tokens = 10, .lanes = lanes});
    std::int64_t evictions = 0;
    for (std::size_t at = 0; at < prompts.size(); ++at) {
      const run::Generation alone =
          run::generate(support::make_tiny_model(),
                        {.knobs = knobs, .prompt = prompts[at], .max_new_tokens = 10}, {}, {});
      EXPECT_EQ(all.tokens[at], alone.tokens) << "prompt " << at << " lanes " << lanes;
      evictions += alone.totals.evictions();
    }
    EXPECT_EQ(all.totals.evictions(), evictions);
    EXPECT_GT(evictions, 0);
  }
}

INSTANTIATE_TEST_SUITE_P(Prefills, EveryPrefill,
                         ::testing::Values(settings::Prefill::full, settings::Prefill::stream,
                                           settings::Prefill::automatic),
                         [](const auto& parameter) { return core::name_of(parameter.param); });

TEST(Continuation, EndsAtTheLastPositionAndBeyondItTakesNoPrompt) {
  const std::vector<std::vector<int>> prompts = {std::vector<int>(64, 5), std::vector<int>(60, 5)};
  const auto all =
      continued(prompts, {.knobs = kCapped, .max_new_tokens = 30, .stop_at_end_of_text = false});
  EXPECT_EQ(all.tokens[0].size(), 1U);  // what position 63 foretells
  EXPECT_EQ(all.tokens[1].size(), 5U);
  EXPECT_THROW(continued({std::vector<int>(65, 5)}, {.knobs = kCapped}), core::Error);
  EXPECT_THROW(continued({{}}, {.knobs = kCapped}), core::Error);
}

TEST(Continuation, TakesTheLikeliestTokensWhateverTheTemperature) {
  const auto prompts = random_prompts(2);
  settings::Knobs warm = kCapped;
  warm.temperature = 2;
  EXPECT_EQ(continued(prompts, {.knobs = warm}).tokens,
            continued(prompts, {.knobs = kCapped}).tokens);
}

TEST(Continuation, EndsAtTheNextStepWhenItIsAskedToStop) {
  std::stop_source source;
  source.request_stop();
  const auto prompts = random_prompts(2);
  const auto all = continue_prompts(support::make_tiny_model(), prompts, {.knobs = kCapped}, {},
                                    source.get_token());
  EXPECT_TRUE(all.interrupted);
  EXPECT_EQ(all.tokens.size(), 2U);
}

TEST(Continuation, IsComparedWithTheFullCachesOfTheSamePromptThoughBothShareTheirPasses) {
  const auto prompts = random_prompts(5);
  const auto capped = continued(prompts, {.knobs = kCapped, .max_new_tokens = 12});
  const auto full = continued(prompts, {.knobs = {.policy = "full"}, .max_new_tokens = 12});
  std::vector<Likeness> likenesses;
  for (std::size_t at = 0; at < prompts.size(); ++at) {
    likenesses.push_back(compare_continuation(capped.tokens[at], full.tokens[at]));
  }
  const LikenessMeans expected = means_of(likenesses);
  const auto means =
      compare_with_full(support::make_tiny_model(), prompts,
                        {.knobs = kCapped, .max_new_tokens = 12, .lanes = 2}, {}, {});
  ASSERT_TRUE(means);
  EXPECT_EQ(means->prompts, 5);
  EXPECT_EQ(means->identical, expected.identical);
  EXPECT_LT(means->identical, 5);
  EXPECT_EQ(means->agreement->value, expected.agreement->value);
  EXPECT_EQ(means->first_divergence->value, expected.first_divergence->value);
}

TEST(Likeness, CountsPlacesThatAgreeAndWhereTheTextsPart) {
  const std::vector<int> full = {1, 2, 3, 4, 5, 6};
  const Likeness same = compare_continuation(full, full);
  EXPECT_TRUE(same.identical());
  EXPECT_EQ(same.agreed, 6);
  EXPECT_DOUBLE_EQ(same.bleu4, 1);

  const Likeness other = compare_continuation(std::vector<int>{1, 2, 9, 4, 5, 6, 7, 8}, full);
  EXPECT_EQ(other.tokens, 8);
  EXPECT_EQ(other.agreed, 5);
  EXPECT_EQ(other.first_divergence, 2);
  EXPECT_FALSE(other.identical());
  EXPECT_EQ(other.bleu4, 0);  // no four tokens in a row are the full cache's

  const Likeness shorter = compare_continuation(std::vector<int>{1, 2, 3, 4}, full);
  EXPECT_EQ(shorter.agreed, 4);
  EXPECT_EQ(shorter.first_divergence, 4);
  EXPECT_FALSE(shorter.identical());
  EXPECT_NEAR(shorter.bleu4, std::exp(1 - 6.0 / 4), 1e-12);
}

TEST(Likeness, HasMeansOverPromptsThatLeaveOutWhatCannotMatch) {
  const std::vector<int> none;
  const std::vector<int> two = {1, 2};
  const std::vector<int> five = {1, 2, 3, 4, 5};
  const std::vector<Likeness> likenesses = {
      compare_continuation(none, none), compare_continuation(two, two),
      compare_continuation(five, five),
      compare_continuation(std::vector<int>{1, 2, 3, 4, 9}, five)};
  const LikenessMeans means = means_of(likenesses);
  EXPECT_EQ(means.prompts, 4);
  EXPECT_EQ(means.identical, 3);
  EXPECT_DOUBLE_EQ(means.agreement->value, 11.0 / 12);
  EXPECT_DOUBLE_EQ(means.first_divergence->value, (2 + 5 + 4) / 3.0);
  EXPECT_DOUBLE_EQ(means.bleu4->value, (1 + likenesses.back().bleu4) / 2);
  EXPECT_TRUE(means.bleu4->interval);
  EXPECT_FALSE(means_of({}).bleu4);
}

}  // namespace
}  // namespace sketchscope::measure
