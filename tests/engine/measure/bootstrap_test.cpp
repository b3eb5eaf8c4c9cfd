#include "engine/measure/bootstrap.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "engine/core/random.hpp"

namespace sketchscope::measure {
namespace {

double normal(core::SplitMix64& random) {
  return std::sqrt(-2 * std::log(1 - random.uniform())) * std::cos(2 * M_PI * random.uniform());
}

std::vector<Portion> normal_portions(core::SplitMix64& random, int count, double mean) {
  std::vector<Portion> portions;
  for (int at = 0; at < count; ++at) portions.push_back({.sum = mean + normal(random)});
  return portions;
}

TEST(Bootstrap, WeighsPortionsByTheirWeight) {
  const std::vector<Portion> portions = {{.sum = 6, .weight = 3}, {.sum = 4, .weight = 1}};
  EXPECT_DOUBLE_EQ(estimate_mean(portions).value().value, 2.5);
  EXPECT_EQ(estimate_mean(portions).value().portions, 2U);
}

TEST(Bootstrap, HasNoIntervalOfOnePortionAndNoMeanOfNone) {
  const std::vector<Portion> one = {{.sum = 6, .weight = 3}, {.sum = 0, .weight = 0}};
  EXPECT_DOUBLE_EQ(estimate_mean(one).value().value, 2);
  EXPECT_FALSE(estimate_mean(one)->interval);
  EXPECT_FALSE(estimate_mean({}));
}

TEST(Bootstrap, HoldsTheTrueMeanAboutAsOftenAsItClaims) {
  core::SplitMix64 random(3);
  int holds = 0;
  constexpr int kTrials = 400;
  for (int trial = 0; trial < kTrials; ++trial) {
    const auto portions = normal_portions(random, 40, 5);
    const ConfidenceInterval interval = *estimate_mean(portions, {.resamples = 500})->interval;
    holds += interval.low <= 5 && 5 <= interval.high ? 1 : 0;
  }
  // The percentile bootstrap of 40 normal values covers 0.94; four standard errors of 400 trials.
  EXPECT_NEAR(static_cast<double>(holds) / kTrials, 0.94, 0.048);
}

TEST(Bootstrap, IsAsWideAsTheNormalIntervalOfManyPortions) {
  core::SplitMix64 random(4);
  const ConfidenceInterval interval = *estimate_mean(normal_portions(random, 2000, 0))->interval;
  EXPECT_NEAR(interval.high - interval.low, 2 * 1.96 / std::sqrt(2000), 0.006);
}

TEST(Bootstrap, NarrowsWithLessConfidenceAndRepeatsWithTheSameSeed) {
  core::SplitMix64 random(5);
  const auto portions = normal_portions(random, 30, 1);
  const auto interval = [&](const BootstrapOptions& options) {
    return *estimate_mean(portions, options)->interval;
  };
  const ConfidenceInterval wide = interval({});
  const ConfidenceInterval narrow = interval({.confidence = 0.5});
  EXPECT_LT(wide.low, narrow.low);
  EXPECT_GT(wide.high, narrow.high);
  EXPECT_EQ(interval({}).low, wide.low);
  EXPECT_NE(interval({.seed = 7}).low, wide.low);
}

TEST(Bootstrap, TakesItsBoundsFromTheSortedMeansOfResamples) {
  // Two portions: a resample's mean is 0, ½ or 1 with probabilities ¼, ½, ¼.
  const std::vector<Portion> portions = {{.sum = 0}, {.sum = 1}};
  const ConfidenceInterval most = *estimate_mean(portions)->interval;
  EXPECT_EQ(most.low, 0);
  EXPECT_EQ(most.high, 1);
  const ConfidenceInterval middle = *estimate_mean(portions, {.confidence = 0.3})->interval;
  EXPECT_EQ(middle.low, 0.5);
  EXPECT_EQ(middle.high, 0.5);
}

TEST(Bootstrap, GoesAlongWithTheExponential) {
  const Estimate estimate =
      exponential({.value = 1, .interval = ConfidenceInterval{.low = 0, .high = 2}});
  EXPECT_DOUBLE_EQ(estimate.value, std::exp(1));
  EXPECT_DOUBLE_EQ(estimate.interval->low, 1);
  EXPECT_DOUBLE_EQ(estimate.interval->high, std::exp(2));
  EXPECT_FALSE(exponential({.value = 1}).interval);
}

}  // namespace
}  // namespace sketchscope::measure
