#include "gui/plot/decimate.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>

#include "engine/core/random.hpp"

namespace sketchscope {
namespace {

constexpr float kWidth = 400;
const Axis kYAxis({.minimum = -10, .maximum = 10}, 200, 0);

std::vector<double> steps(std::size_t count) {
  std::vector<double> x(count);
  std::iota(x.begin(), x.end(), 0.0);
  return x;
}

std::vector<double> noise(std::size_t count, std::uint64_t seed) {
  SplitMix64 random(seed);
  std::vector<double> y(count);
  for (double& value : y) value = random.uniform() * 2 - 1;
  return y;
}

std::size_t points_of(const std::vector<LinePiece>& pieces) {
  std::size_t count = 0;
  for (const auto& piece : pieces) count += piece.size();
  return count;
}

TEST(Decimate, LeavesFewSamplesAsTheyAre) {
  const auto x = steps(100);
  const auto y = noise(100, 1);
  const Axis x_axis({.maximum = 99}, 0, kWidth);
  const auto pieces = decimate(x, y, x_axis, kYAxis);
  ASSERT_EQ(pieces.size(), 1U);
  ASSERT_EQ(pieces[0].size(), 100U);
  for (std::size_t i = 0; i < 100; ++i) {
    EXPECT_FLOAT_EQ(pieces[0][i].x, x_axis.pixel(x[i]));
    EXPECT_FLOAT_EQ(pieces[0][i].y, kYAxis.pixel(y[i]));
  }
}

TEST(Decimate, KeepsTwoPointsAPixelColumnAtMost) {
  const auto x = steps(1'000'000);
  const auto y = noise(1'000'000, 2);
  const auto pieces = decimate(x, y, Axis({.maximum = 999'999}, 0, kWidth), kYAxis);
  std::map<int, int> per_column;
  for (const auto& piece : pieces) {
    for (const auto& point : piece) ++per_column[static_cast<int>(std::floor(point.x + 1e-3))];
  }
  for (const auto& [column, count] : per_column) EXPECT_LE(count, 4) << column;
  EXPECT_LE(points_of(pieces), 2 * (kWidth + 1));
}

TEST(Decimate, LosesNoPeak) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    auto y = noise(20'000, seed);
    SplitMix64 random(seed + 99);
    const auto peak = random.below(y.size());
    y[peak] = 9;
    const auto x = steps(y.size());
    const auto pieces = decimate(x, y, Axis({.maximum = 19'999}, 0, kWidth), kYAxis);
    float highest = std::numeric_limits<float>::max();
    for (const auto& piece : pieces) {
      for (const auto& point : piece) highest = std::min(highest, point.y);
    }
    EXPECT_FLOAT_EQ(highest, kYAxis.pixel(9)) << "seed " << seed << ", sample " << peak;
  }
}

TEST(Decimate, StaysTheSameWhereTheViewMovesByWholePixels) {
  const auto x = steps(40'000);
  const auto y = noise(40'000, 4);
  constexpr double kPerPixel = 100;
  const auto view = [&](double shift) {
    return decimate(
        x, y, Axis({.minimum = shift, .maximum = shift + kPerPixel * kWidth / 2}, 0, kWidth / 2),
        kYAxis);
  };
  const auto before = view(1000);
  const auto after = view(1000 + 10 * kPerPixel);
  // Away from the edges the same extremes are drawn, ten pixels further left.
  int same = 0;
  for (const auto& point : after[0]) {
    if (point.x < 1 || point.x > kWidth / 2 - 12) continue;
    const bool found = std::ranges::any_of(before[0], [&](const Point& other) {
      return std::abs(other.x - 10 - point.x) < 0.02F && std::abs(other.y - point.y) < 0.01F;
    });
    EXPECT_TRUE(found) << point.x;
    ++same;
  }
  EXPECT_GT(same, 100);
}

TEST(Decimate, BreaksTheLineWhereAValueIsMissing) {
  auto y = noise(50, 5);
  y[20] = std::numeric_limits<double>::quiet_NaN();
  y[21] = std::numeric_limits<double>::infinity();
  const auto x = steps(50);
  const auto pieces = decimate(x, y, Axis({.maximum = 49}, 0, kWidth), kYAxis);
  ASSERT_EQ(pieces.size(), 2U);
  EXPECT_EQ(pieces[0].size(), 20U);
  EXPECT_EQ(pieces[1].size(), 28U);
}

TEST(Decimate, CutsWhatNeedsMoreIndicesThanThereAreAndSharesTheJoint) {
  constexpr std::size_t kSamples = 50'000;
  const auto x = steps(kSamples);
  const auto y = noise(kSamples, 6);
  const auto pieces = decimate(x, y, Axis({.maximum = kSamples}, 0, 2 * kSamples), kYAxis);
  ASSERT_GT(pieces.size(), 3U);
  for (const auto& piece : pieces) EXPECT_LE(piece.size(), kMaximumLinePoints);
  for (std::size_t i = 1; i < pieces.size(); ++i) {
    EXPECT_EQ(pieces[i].front(), pieces[i - 1].back());
  }
  EXPECT_EQ(points_of(pieces), kSamples + pieces.size() - 1);
}

TEST(Decimate, LooksOnlyAtWhatIsVisibleAndItsNeighbours) {
  const auto x = steps(1000);
  const auto y = noise(1000, 8);
  const auto pieces = decimate(x, y, Axis({.minimum = 300, .maximum = 310}, 0, kWidth), kYAxis);
  ASSERT_EQ(pieces.size(), 1U);
  EXPECT_EQ(pieces[0].size(), 13U);
  EXPECT_LT(pieces[0].front().x, 0);
  EXPECT_GT(pieces[0].back().x, kWidth);
}

TEST(Decimate, DrawsNothingOfNothing) {
  EXPECT_TRUE(decimate({}, {}, Axis({}, 0, kWidth), kYAxis).empty());
}

}  // namespace
}  // namespace sketchscope
