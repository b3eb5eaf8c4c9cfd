#include "engine/decode/sampler.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "engine/core/files.hpp"

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

/// A case of scripts/make_sampler_golden.py: what Hugging Face's logits processors do.
struct GoldenSampling {
  std::vector<float> logits;
  std::vector<int> seen;
  Sampling sampling;
  std::vector<float> penalised;
  std::vector<double> probability;  // by token
};

std::vector<GoldenSampling> golden_samplings() {
  const auto json = nlohmann::json::parse(core::read_text_file(
      std::filesystem::path(SKETCHSCOPE_SOURCE_DIR) / "tests/golden/sampler.json"));
  std::vector<GoldenSampling> cases;
  for (const auto& one : json.at("cases")) {
    cases.push_back({.logits = one.at("logits"),
                     .seen = one.at("seen"),
                     .sampling = {.temperature = one.at("temperature"),
                                  .top_k = one.at("top_k"),
                                  .top_p = one.at("top_p"),
                                  .repetition_penalty = one.at("repetition_penalty")},
                     .penalised = one.at("penalised"),
                     .probability = one.at("probability")});
  }
  return cases;
}

TEST(Sampler, HasTheDistributionsOfHuggingFace) {
  const std::vector<GoldenSampling> cases = golden_samplings();
  ASSERT_GE(cases.size(), 8U);
  for (const GoldenSampling& one : cases) {
    Sampling sampling = one.sampling;
    sampling.seen = one.seen;
    std::vector<double> found(one.logits.size());
    for (const TokenChance& chance : filtered_distribution(one.logits, sampling)) {
      found[static_cast<std::size_t>(chance.token)] = chance.probability;
    }
    for (std::size_t token = 0; token < found.size(); ++token) {
      EXPECT_NEAR(found[token], one.probability[token], 2e-6)
          << "token " << token << ", penalty " << sampling.repetition_penalty;
    }
    Sampling greedy = sampling;
    greedy.temperature = 0;
    core::SplitMix64 random(1);
    EXPECT_EQ(sample(one.logits, greedy, random),
              std::ranges::max_element(one.penalised) - one.penalised.begin());
  }
}

TEST(Sampler, PenalisesATokenOnceHoweverOftenItWasSeen) {
  const std::vector<int> once = {1, 2};
  const std::vector<int> often = {2, 1, 1, 2, 2, 1};
  const auto probabilities = [](const std::vector<int>& seen) {
    std::vector<double> found;
    for (const TokenChance& chance : filtered_distribution(
             kLogits, {.temperature = 1, .repetition_penalty = 3, .seen = seen})) {
      found.push_back(chance.probability);
    }
    return found;
  };
  EXPECT_EQ(probabilities(often), probabilities(once));
  EXPECT_NE(probabilities(once), probabilities({}));
}

}  // namespace
}  // namespace sketchscope::decode
