#include "engine/decode/sampler.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace sketchscope::decode {
namespace {

const std::vector<float> kLogits = {1.0F, 3.0F, 2.0F, 3.0F, -1.0F};

std::set<int> tokens_of(const std::vector<TokenChance>& chances) {
  std::set<int> tokens;
  for (const TokenChance& chance : chances) tokens.insert(chance.token);
  return tokens;
}

TEST(Sampler, IsGreedyAtTemperatureZeroAndTakesTheLowestOfEqualTokens) {
  core::SplitMix64 random(1);
  EXPECT_EQ(sample(kLogits, {.temperature = 0}, random), 1);
  EXPECT_EQ(random, core::SplitMix64(1)) << "greedy uses no random number";
}

TEST(Sampler, FiltersByTopKThenTopPAndRenormalises) {
  EXPECT_EQ(tokens_of(filtered_distribution(kLogits, {.temperature = 1, .top_k = 3})),
            (std::set<int>{1, 2, 3}));
  // The two likeliest hold 0.42 each: 0.5 needs both.
  const auto nucleus = filtered_distribution(kLogits, {.temperature = 1, .top_p = 0.5});
  EXPECT_EQ(tokens_of(nucleus), (std::set<int>{1, 3}));
  EXPECT_NEAR(nucleus[0].probability, 0.5, 1e-12);
  EXPECT_EQ(filtered_distribution(kLogits, {.temperature = 1, .top_p = 0}).size(), 1U);
}

TEST(Sampler, DrawsAsOftenAsTheDistributionSays) {
  const Sampling sampling{.temperature = 0.8, .top_k = 4};
  std::map<int, double> expected;
  for (const auto& chance : filtered_distribution(kLogits, sampling)) {
    expected[chance.token] = chance.probability;
  }
  core::SplitMix64 random(3);
  std::map<int, int> drawn;
  constexpr int kDraws = 20000;
  for (int i = 0; i < kDraws; ++i) ++drawn[sample(kLogits, sampling, random)];
  for (const auto& [token, count] : drawn) {
    ASSERT_TRUE(expected.contains(token));
    const double p = expected[token];
    EXPECT_NEAR(count / static_cast<double>(kDraws), p, 5 * std::sqrt(p * (1 - p) / kDraws));
  }
  EXPECT_EQ(drawn.size(), 4U);
}

TEST(Sampler, RepeatsItselfFromACopyOfTheRandomNumbers) {
  core::SplitMix64 random(7);
  (void)sample(kLogits, {.temperature = 1}, random);
  core::SplitMix64 copy = random;
  for (int i = 0; i < 50; ++i) {
    EXPECT_EQ(sample(kLogits, {.temperature = 1}, random),
              sample(kLogits, {.temperature = 1}, copy));
  }
}

TEST(Sampler, KeepsOfALargeVocabularyWhatAFullSortWouldKeep) {
  std::vector<float> logits(150000);
  core::SplitMix64 random(8);
  for (float& logit : logits) logit = static_cast<float>(random.below(2000)) / 100;  // many equal
  std::vector<TokenChance> sorted = filtered_distribution(logits, {.temperature = 1});
  std::ranges::sort(sorted, [](const TokenChance& a, const TokenChance& b) {
    return a.probability != b.probability ? a.probability > b.probability : a.token < b.token;
  });
  const auto expect_first_of_sorted = [&](const std::vector<TokenChance>& kept) {
    for (std::size_t at = 0; at < kept.size(); ++at) ASSERT_EQ(kept[at].token, sorted[at].token);
  };
  const auto by_count = filtered_distribution(logits, {.temperature = 1, .top_k = 700});
  EXPECT_EQ(by_count.size(), 700U);
  expect_first_of_sorted(by_count);
  for (const double top_p : {0.0, 0.01, 0.5}) {
    double sum = 0;
    std::size_t count = 0;
    while (count == 0 || sum < top_p) sum += sorted[count++].probability;
    const auto by_mass = filtered_distribution(logits, {.temperature = 1, .top_p = top_p});
    EXPECT_EQ(by_mass.size(), count);
    expect_first_of_sorted(by_mass);
  }
}

}  // namespace
}  // namespace sketchscope::decode
