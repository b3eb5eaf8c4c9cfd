#include "engine/measure/correlation.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "engine/core/random.hpp"

namespace sketchscope::measure {
namespace {

// Kendall's idea of an independent check would be another number, so this is Pearson's correlation
// of ranks that are counted, not sorted.
double counted_correlation(const std::vector<double>& one, const std::vector<double>& other) {
  const auto ranks = [](const std::vector<double>& values) {
    std::vector<double> counted;
    for (const double value : values) {
      double rank = 0;
      for (const double another : values) {
        rank += another < value ? 1 : another == value ? 0.5 : 0;
      }
      counted.push_back(rank);
    }
    return counted;
  };
  const std::vector<double> x = ranks(one), y = ranks(other);
  const auto count = static_cast<double>(x.size());
  double sx = 0, sy = 0, sxx = 0, syy = 0, sxy = 0;
  for (std::size_t at = 0; at < x.size(); ++at) {
    sx += x[at];
    sy += y[at];
    sxx += x[at] * x[at];
    syy += y[at] * y[at];
    sxy += x[at] * y[at];
  }
  return (count * sxy - sx * sy) / std::sqrt((count * sxx - sx * sx) * (count * syy - sy * sy));
}

TEST(RankCorrelation, EqualsThatOfCountedRanks) {
  core::SplitMix64 random(7);
  for (int round = 0; round < 200; ++round) {
    const std::size_t count = 3 + random.below(30);
    std::vector<double> one, other;
    for (std::size_t at = 0; at < count; ++at) {
      one.push_back(static_cast<double>(random.below(8)));
      other.push_back(one.back() + static_cast<double>(random.below(8)));
    }
    const auto found = rank_correlation(one, other);
    const double expected = counted_correlation(one, other);
    ASSERT_EQ(found.has_value(), std::isfinite(expected));
    if (!found) continue;
    EXPECT_NEAR(*found, expected, 1e-9);
  }
}

TEST(RankCorrelation, IsOneForTheSameOrderAndNoNumberForOneRank) {
  const std::vector<double> rising = {1, 2, 30}, falling = {5, 4, -1}, flat = {2, 2, 2};
  EXPECT_EQ(rank_correlation(rising, rising), 1);
  EXPECT_EQ(rank_correlation(rising, falling), -1);
  EXPECT_EQ(rank_correlation(rising, flat), std::nullopt);
  EXPECT_EQ(rank_correlation(rising, {}), std::nullopt);
  const std::vector<double> odd = {std::nan(""), 2, 3};
  EXPECT_EQ(rank_correlation(rising, odd), 1) << "no number is the lowest";
}

double gaussian(core::SplitMix64& random) {
  return std::sqrt(-2 * std::log(1 - random.uniform())) * std::cos(2 * M_PI * random.uniform());
}

// Pairs of standard normal numbers with the correlation `of`.
struct Pairs {
  std::vector<double> one, other;
};
Pairs normal_pairs(core::SplitMix64& random, int count, double of) {
  Pairs pairs;
  for (int at = 0; at < count; ++at) {
    pairs.one.push_back(gaussian(random));
    pairs.other.push_back(of * pairs.one.back() + std::sqrt(1 - of * of) * gaussian(random));
  }
  return pairs;
}

TEST(LinearCorrelation, IsThatOfTheDistributionOnManyPairs) {
  core::SplitMix64 random(11);
  for (const double of : {-0.8, 0.0, 0.5}) {
    const Pairs pairs = normal_pairs(random, 20000, of);
    EXPECT_NEAR(linear_correlation(pairs.one, pairs.other).value(), of, 0.03);
  }
}

TEST(LinearCorrelation, StaysUnderScalesAndShiftsAndIsAbsentWhereNothingVaries) {
  core::SplitMix64 random(12);
  const Pairs pairs = normal_pairs(random, 50, 0.4);
  std::vector<double> scaled;
  for (const double value : pairs.other) scaled.push_back(3 * value - 100);
  EXPECT_NEAR(linear_correlation(pairs.one, scaled).value(),
              linear_correlation(pairs.one, pairs.other).value(), 1e-12);
  const std::vector<double> flat(50, 0.1);
  EXPECT_FALSE(linear_correlation(pairs.one, flat));
  EXPECT_FALSE(linear_correlation(pairs.one, {}));
}

TEST(Correlations, HoldTheTrueOneInTheirIntervalsAboutAsOftenAsTheyClaim) {
  core::SplitMix64 random(13);
  int holds = 0;
  constexpr int kTrials = 200;
  for (int trial = 0; trial < kTrials; ++trial) {
    const Pairs pairs = normal_pairs(random, 60, 0.5);
    const auto linear = correlate(pairs.one, pairs.other, {.resamples = 200}).linear.value();
    holds += linear.interval->low <= 0.5 && 0.5 <= linear.interval->high ? 1 : 0;
  }
  // The percentile bootstrap of 60 pairs covers about 0.93; four standard errors of 200 trials.
  EXPECT_NEAR(static_cast<double>(holds) / kTrials, 0.93, 0.07);
}

TEST(Correlations, HaveNoIntervalOfThreePairs) {
  const std::vector<double> one = {1, 2, 3}, other = {1, 3, 2};
  const Correlations few = correlate(one, other);
  ASSERT_TRUE(few.linear && few.rank);
  EXPECT_DOUBLE_EQ(few.linear->value, 0.5);
  EXPECT_DOUBLE_EQ(few.rank->value, 0.5);
  EXPECT_FALSE(few.linear->interval || few.rank->interval);
}

}  // namespace
}  // namespace sketchscope::measure
