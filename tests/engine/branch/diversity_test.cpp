#include "engine/branch/branch_measurement.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace sketchscope::branch {
namespace {

std::vector<WeightedSample> samples_of(const std::vector<std::vector<int>>& tokens) {
  std::vector<WeightedSample> samples;
  for (const std::vector<int>& one : tokens) {
    std::string text;
    for (const int token : one) text += std::to_string(token) + " ";
    samples.push_back({.tokens = one, .text = text});
  }
  return samples;
}

TEST(PlainDiversity, CountsDifferentRunsByAllRuns) {
  const Diversity diversity = plain_diversity(samples_of({{1, 2, 3}, {1, 2, 4}}));
  EXPECT_EQ(diversity.distinct_texts, 2);
  EXPECT_DOUBLE_EQ(diversity.distinct_1.value(), 4.0 / 6);
  EXPECT_DOUBLE_EQ(diversity.distinct_2.value(), 3.0 / 4);
  // 2 of 3 tokens and 1 of 2 pairs are the other's.
  EXPECT_DOUBLE_EQ(diversity.self_bleu.value(), std::sqrt(2.0 / 3 * 1.0 / 2));
}

TEST(PlainDiversity, CountsTextsThatReadAlikeOnce) {
  auto samples = samples_of({{1}, {2}, {3}});
  samples[2].text = samples[0].text;
  EXPECT_EQ(plain_diversity(samples).distinct_texts, 2);
  EXPECT_NEAR(plain_diversity(samples).effective_texts,
              std::exp(-(2.0 / 3) * std::log(2.0 / 3) - (1.0 / 3) * std::log(1.0 / 3)), 1e-12);
}

TEST(PlainDiversity, HasNoFigureThatTheSamplesAreTooShortFor) {
  const Diversity one = plain_diversity(samples_of({{1}}));
  EXPECT_EQ(one.distinct_1, 1.0);
  EXPECT_EQ(one.distinct_2, std::nullopt);
  EXPECT_EQ(one.self_bleu, std::nullopt);
  EXPECT_EQ(plain_diversity({}).distinct_texts, 0);
  EXPECT_EQ(plain_diversity({}).distinct_1, std::nullopt);
}

TEST(WeightedDiversity, OfEqualSamplesIsOneOfTheirNumber) {
  const Diversity diversity = weighted_diversity(samples_of({{1, 2}, {1, 2}, {1, 2}, {1, 2}}));
  EXPECT_NEAR(diversity.effective_texts, 1, 1e-12);
  EXPECT_NEAR(diversity.distinct_2.value(), 1.0 / 4, 1e-12);
  EXPECT_NEAR(diversity.self_bleu.value(), 1, 1e-12);
}

TEST(WeightedDiversity, OfAlikeWeightsIsThatOfDifferentSamples) {
  const Diversity diversity = weighted_diversity(samples_of({{1, 2}, {3, 4}, {5, 6}}));
  EXPECT_NEAR(diversity.effective_texts, 3, 1e-12);
  EXPECT_NEAR(diversity.distinct_1.value(), 1, 1e-12);
  EXPECT_EQ(diversity.self_bleu.value(), 0);
}

TEST(WeightedDiversity, IsThatOfOneTextWhereItHasAllTheWeight) {
  auto samples = samples_of({{1, 2}, {3, 4}, {5, 6}});
  samples[1].weight = 1e-12;
  samples[2].weight = 0;
  EXPECT_NEAR(weighted_diversity(samples).effective_texts, 1, 1e-9);
}

}  // namespace
}  // namespace sketchscope::branch
