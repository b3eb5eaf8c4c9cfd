#include "engine/measure/ridge.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "engine/core/random.hpp"

namespace sketchscope::measure {
namespace {

using ::testing::DoubleNear;
using ::testing::ElementsAre;
using ::testing::Pointwise;

struct Samples {
  std::vector<double> terms;  // (N, 3)
  std::vector<double> target;
};

// target = 2 x − y / 2 + noise, shifted by a number of the group's own.
Samples draw_group(core::SplitMix64& random, double noise) {
  Samples samples;
  const double shift = 10 * random.uniform();
  const std::size_t count = 5 + random.below(20);
  for (std::size_t at = 0; at < count; ++at) {
    const double x = random.uniform(), y = random.uniform(), z = random.uniform() + shift;
    samples.terms.insert(samples.terms.end(), {x, y, z});
    samples.target.push_back(2 * x - y / 2 + shift + noise * (random.uniform() - 0.5));
  }
  return samples;
}

TEST(RidgeSums, FindTheWeightsThatMadeTheTarget) {
  core::SplitMix64 random(1);
  RidgeSums sums(3);
  for (int group = 0; group < 50; ++group) {
    const Samples samples = draw_group(random, 0);
    sums.add_group(samples.terms, samples.target);
  }
  const std::vector<double> weights = sums.weights(1e-12);
  EXPECT_THAT(weights, Pointwise(DoubleNear(1e-6), std::vector<double>{2, -0.5, 0}));
  EXPECT_NEAR(sums.error(weights), 0, 1e-6);
  EXPECT_GT(sums.variance(), 1);
}

// The gradient of what is minimised, by the samples themselves.
TEST(RidgeSums, LeaveNoDirectionInWhichTheFitWouldBeBetter) {
  core::SplitMix64 random(2);
  std::vector<Samples> groups;
  for (int group = 0; group < 20; ++group) groups.push_back(draw_group(random, 1));
  for (const double penalty : {1e-6, 0.1, 5.0}) {
    RidgeSums sums(3);
    for (const Samples& group : groups) sums.add_group(group.terms, group.target);
    const std::vector<double> weights = sums.weights(penalty);
    const auto loss = [&](const std::vector<double>& tried) {
      double total = 0, errors = 0;
      for (const Samples& group : groups) {
        const auto count = static_cast<double>(group.target.size());
        std::vector<double> residual;
        for (std::size_t at = 0; at < group.target.size(); ++at) {
          double foretold = 0;
          for (std::size_t term = 0; term < 3; ++term) {
            foretold += tried[term] * group.terms[3 * at + term];
          }
          residual.push_back(group.target[at] - foretold);
        }
        const double mean = std::accumulate(residual.begin(), residual.end(), 0.0) / count;
        for (const double rest : residual) errors += (rest - mean) * (rest - mean) / count;
      }
      total = errors / static_cast<double>(groups.size());
      for (const double weight : tried) total += penalty * weight * weight;
      return std::pair(total, errors);
    };
    EXPECT_NEAR(sums.error(weights), loss(weights).second, 1e-9);
    for (std::size_t term = 0; term < 3; ++term) {
      for (const double step : {-1e-3, 1e-3}) {
        std::vector<double> moved = weights;
        moved[term] += step;
        EXPECT_GT(loss(moved).first, loss(weights).first) << "penalty " << penalty;
      }
    }
  }
}

TEST(RidgeSums, AddUpToThoseOfAllGroups) {
  core::SplitMix64 random(3);
  RidgeSums all(3), one(3), other(3);
  for (int group = 0; group < 10; ++group) {
    const Samples samples = draw_group(random, 1);
    all.add_group(samples.terms, samples.target);
    (group % 3 == 0 ? one : other).add_group(samples.terms, samples.target);
  }
  one += other;
  EXPECT_EQ(one.samples(), all.samples());
  EXPECT_THAT(one.weights(0.1), Pointwise(DoubleNear(1e-9), all.weights(0.1)));
}

TEST(RidgeSums, LeaveOutWhatIsNoNumberAndGroupsOfOne) {
  RidgeSums sums(1);
  sums.add_group(std::vector<double>{5}, std::vector<double>{3});
  EXPECT_EQ(sums.samples(), 0U);
  EXPECT_THAT(sums.weights(0.1), ElementsAre(0));
  sums.add_group(std::vector<double>{0, 2, std::nan("")}, std::vector<double>{0, 6, 3});
  EXPECT_THAT(sums.weights(1e-12), ElementsAre(DoubleNear(3, 1e-9)));
}

}  // namespace
}  // namespace sketchscope::measure
