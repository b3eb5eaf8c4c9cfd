#include "engine/branch/children.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>

namespace sketchscope::branch {
namespace {

std::vector<decode::TokenChance> chances_of(const std::vector<double>& probabilities) {
  std::vector<decode::TokenChance> chances;
  for (const double probability : probabilities) {
    chances.push_back({.token = static_cast<int>(chances.size()), .probability = probability});
  }
  return chances;
}

std::vector<int> tokens_of(const std::vector<decode::TokenChance>& drawn) {
  std::vector<int> tokens;
  for (const decode::TokenChance& chance : drawn) tokens.push_back(chance.token);
  return tokens;
}

TEST(NormalisedEntropy, IsZeroForOneTokenAndOneForAllAlike) {
  EXPECT_EQ(normalised_entropy(chances_of({1}), 4), 0);
  EXPECT_EQ(normalised_entropy(chances_of({0, 1, 0}), 4), 0);
  EXPECT_NEAR(normalised_entropy(chances_of({0.25, 0.25, 0.25, 0.25}), 4), 1, 1e-15);
}

TEST(NormalisedEntropy, IsAShareOfTheWholeVocabularysEvenWhereAFilterLeftFewTokens) {
  const double nats = -0.5 * std::log(0.5) - 0.3 * std::log(0.3) - 0.2 * std::log(0.2);
  EXPECT_NEAR(normalised_entropy(chances_of({0.5, 0.3, 0.2}), 50), nats / std::log(50.0), 1e-15);
}

TEST(NormalisedEntropy, IsZeroForAVocabularyOfOneToken) {
  EXPECT_EQ(normalised_entropy(chances_of({1}), 1), 0);
}

TEST(WantedChildren, AreOneBelowTheThresholdAndTheFactorFromItOn) {
  const settings::Knobs knobs{.threshold = 0.4, .branch_factor = 5};
  EXPECT_EQ(wanted_children(knobs, std::nextafter(0.4, 0.0)), 1);
  EXPECT_EQ(wanted_children(knobs, 0.4), 5);
  EXPECT_EQ(wanted_children(knobs, 1), 5);
}

TEST(WantedChildren, AtThresholdZeroAreAlwaysTheFactorAndAtOneOnlyAtFullEntropy) {
  EXPECT_EQ(wanted_children({.threshold = 0, .branch_factor = 3}, 0), 3);
  for (const settings::BranchGrowth growth :
       {settings::BranchGrowth::fixed, settings::BranchGrowth::entropy}) {
    const settings::Knobs knobs{.threshold = 1, .branch_factor = 3, .branch_growth = growth};
    EXPECT_EQ(wanted_children(knobs, 0.999), 1);
    EXPECT_EQ(wanted_children(knobs, 1), 3);
  }
}

TEST(WantedChildren, GrowWithEntropyFromTwoToTheFactorIfAsked) {
  for (const double threshold : {0.0, 0.2, 0.7}) {
    const settings::Knobs knobs{.threshold = threshold,
                                .branch_factor = 6,
                                .branch_growth = settings::BranchGrowth::entropy};
    int before = 1;
    for (double entropy = 0; entropy <= 1; entropy += 1.0 / 256) {
      const int now = wanted_children(knobs, entropy);
      EXPECT_GE(now, before);
      EXPECT_LE(now, before + 1);
      before = now;
    }
    EXPECT_EQ(wanted_children(knobs, threshold), 2);
    EXPECT_EQ(wanted_children(knobs, 1), 6);
  }
}

TEST(WantedChildren, AreNeverMoreThanOneWhereTheFactorIsOne) {
  for (const settings::BranchGrowth growth :
       {settings::BranchGrowth::fixed, settings::BranchGrowth::entropy}) {
    EXPECT_EQ(wanted_children({.threshold = 0, .branch_factor = 1, .branch_growth = growth}, 0.5),
              1);
  }
}

TEST(DrawDistinct, GivesDistinctTokensOfPositiveChanceAndFewerWhereThereAreFewer) {
  const auto chances = chances_of({0.7, 0, 0.2, 0.1, 0});
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    core::SplitMix64 random(seed);
    const auto drawn = draw_distinct(chances, 4, random);
    const auto tokens = tokens_of(drawn);
    EXPECT_EQ(std::set<int>(tokens.begin(), tokens.end()), (std::set<int>{0, 2, 3}));
    for (const decode::TokenChance& chance : drawn) {
      EXPECT_EQ(chance.probability, chances[static_cast<std::size_t>(chance.token)].probability);
    }
  }
}

TEST(DrawDistinct, DrawsPairsAsOftenAsWithoutReplacementTheyWouldCome) {
  const std::vector<double> p = {0.5, 0.3, 0.15, 0.05};
  constexpr int kDraws = 40000;
  core::SplitMix64 random(3);
  std::map<std::vector<int>, int> seen;
  for (int i = 0; i < kDraws; ++i) ++seen[tokens_of(draw_distinct(chances_of(p), 2, random))];
  double chi_squared = 0;
  for (std::size_t first = 0; first < p.size(); ++first) {
    for (std::size_t second = 0; second < p.size(); ++second) {
      if (first == second) continue;
      const double expected = kDraws * p[first] * p[second] / (1 - p[first]);
      const double off = seen[{static_cast<int>(first), static_cast<int>(second)}] - expected;
      chi_squared += off * off / expected;
    }
  }
  EXPECT_LT(chi_squared, 31.3);  // 11 degrees of freedom, one in a thousand
}

TEST(DrawDistinct, OfOneTokenEqualsTheSamplersDraw) {
  const std::vector<float> logits = {0.3F, -1, 2, 0.5F, 1.7F, -3};
  const decode::Sampling sampling{.temperature = 0.8, .top_k = 5, .top_p = 0.95};
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    core::SplitMix64 here(seed);
    core::SplitMix64 there(seed);
    const auto drawn = draw_distinct(decode::filtered_distribution(logits, sampling), 1, here);
    EXPECT_EQ(drawn.at(0).token, decode::sample(logits, sampling, there));
  }
}

}  // namespace
}  // namespace sketchscope::branch
