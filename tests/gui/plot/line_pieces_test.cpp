#include "gui/plot/line_pieces.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "engine/core/random.hpp"

namespace sketchscope::plot {
namespace {

constexpr float kWidth = 400;
const Axis kYAxis({.minimum = -10, .maximum = 10}, 200, 0);

std::vector<double> steps(std::size_t count) {
  std::vector<double> x(count);
  std::iota(x.begin(), x.end(), 0.0);
  return x;
}

std::vector<double> noise(std::size_t count, std::uint64_t seed) {
  core::SplitMix64 random(seed);
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
    core::SplitMix64 random(seed + 99);
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

/// Returns the extremes of each column, `width` pixels wide, in the order of their samples, by a
/// plain loop.
std::vector<Point> extremes(const std::vector<double>& x, const std::vector<double>& y,
                            const Axis& x_axis, double width) {
  std::vector<Point> points;
  for (std::size_t first = 0, end = 0; first < x.size(); first = end) {
    const auto column = [&](std::size_t i) {
      return std::floor(x_axis.pixels_from_origin(x[i]) / width);
    };
    std::size_t low = first, high = first;
    for (end = first; end < x.size() && column(end) == column(first); ++end) {
      if (y[end] < y[low]) low = end;
      if (y[end] > y[high]) high = end;
    }
    for (const std::size_t i : std::set{low, high}) {
      points.push_back({x_axis.pixel(x[i]), kYAxis.pixel(y[i])});
    }
  }
  return points;
}

TEST(Decimate, FindsTheColumnsThatEachValueAloneFallsInto) {
  core::SplitMix64 random(21);
  for (const Scale scale : {Scale::linear, Scale::log10}) {
    for (int round = 0; round < 40; ++round) {
      const double maximum = 1 + random.uniform() * 1000;
      const Axis x_axis({.minimum = 0.5, .maximum = maximum, .scale = scale}, 0, 300);
      std::vector<double> x;
      for (int i = 0; i < 2000; ++i) x.push_back(0.5 + random.uniform() * (maximum - 0.5));
      // Values on the borders of columns may fall on either side, but as each alone does.
      for (int pixel = 0; pixel < 300; ++pixel) {
        const double border =
            x_axis.value_from_origin(pixel + std::floor(x_axis.pixels_from_origin(0.5)));
        if (border >= 0.5 && border <= maximum) x.push_back(border);
      }
      std::ranges::sort(x);
      const auto y = noise(x.size(), random.below(1000));
      const double width = 1 + 0.5 * static_cast<double>(random.below(4));
      const auto pieces = decimate(x, y, x_axis, kYAxis, width);
      ASSERT_EQ(pieces.size(), 1U);
      const auto expected = extremes(x, y, x_axis, width);
      ASSERT_EQ(pieces[0].size(), expected.size());
      for (std::size_t i = 0; i < expected.size(); ++i) {
        ASSERT_EQ(pieces[0][i].x, expected[i].x);
        ASSERT_EQ(pieces[0][i].y, expected[i].y);
      }
    }
  }
}

TEST(Decimate, KeepsTheExtremesOfEachStretchBetweenGapsHoweverManySamplesAColumnHas) {
  core::SplitMix64 random(22);
  for (int round = 0; round < 60; ++round) {
    const std::size_t samples = 10 + random.below(round % 2 == 0 ? 700 : 6000);
    const auto x = steps(samples);
    auto y = noise(samples, random.below(1000));
    for (std::uint64_t gap = random.below(12); gap > 0; --gap) {
      y[random.below(samples)] = std::numeric_limits<double>::quiet_NaN();
    }
    const Axis x_axis({.maximum = static_cast<double>(samples) - 1}, 0, 300);
    std::vector<std::vector<Point>> expected;
    std::vector<double> stretch_x;
    std::vector<double> stretch_y;
    const auto end_stretch = [&] {
      if (!stretch_x.empty()) expected.push_back(extremes(stretch_x, stretch_y, x_axis, 1.5));
      stretch_x.clear();
      stretch_y.clear();
    };
    for (std::size_t i = 0; i < samples; ++i) {
      if (std::isnan(y[i])) {
        end_stretch();
      } else {
        stretch_x.push_back(x[i]);
        stretch_y.push_back(y[i]);
      }
    }
    end_stretch();
    EXPECT_EQ(decimate(x, y, x_axis, kYAxis, 1.5), expected) << "round " << round;
  }
}

TEST(LineColumns, ServeEveryLineOverTheSameSamples) {
  const auto x = steps(900);
  const Axis x_axis({.maximum = 899}, 0, kWidth);
  const LineColumns columns(x, x_axis, 1);
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    const auto y = noise(900, seed);
    EXPECT_EQ(columns.pieces(y, kYAxis), decimate(x, y, x_axis, kYAxis, 1));
  }
  EXPECT_TRUE(columns.are_of(x, 1));
  EXPECT_FALSE(columns.are_of(x, 2));
  EXPECT_FALSE(columns.are_of(std::span(x).first(899), 1));
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

TEST(BandStrips, HoldEveryValueOfTheirColumnsAndEndAtGaps) {
  constexpr std::size_t kSamples = 20'000;
  const auto x = steps(kSamples);
  auto low = noise(kSamples, 3);
  auto high = noise(kSamples, 4);
  for (std::size_t i = 0; i < kSamples; ++i) {
    if (low[i] > high[i]) std::swap(low[i], high[i]);
  }
  low[5'000] = std::numeric_limits<double>::quiet_NaN();
  high[12'000] = std::numeric_limits<double>::quiet_NaN();
  const Axis axis({.maximum = kSamples}, 0, kWidth);
  const auto strips = band_strips(x, low, high, axis, kYAxis);
  ASSERT_EQ(strips.size(), 3U);
  std::size_t points = 0;
  for (const Strip& strip : strips) {
    ASSERT_EQ(strip.low.size(), strip.high.size());
    points += strip.low.size();
    for (std::size_t i = 0; i < strip.low.size(); ++i) {
      EXPECT_EQ(strip.low[i].x, strip.high[i].x);
      EXPECT_GE(strip.low[i].x, strip.low[i > 0 ? i - 1 : 0].x);
      EXPECT_LE(strip.high[i].y, strip.low[i].y) << "larger values lie higher on the screen";
    }
  }
  EXPECT_LT(points, 3 * static_cast<std::size_t>(kWidth)) << "a few points a column";
  // The highest value of all lies on the edge of a strip.
  const double most = *std::ranges::max_element(
      high, [](double a, double b) { return !(a >= b) && !std::isnan(b); });
  float highest = std::numeric_limits<float>::max();
  for (const Strip& strip : strips) {
    for (const Point point : strip.high) highest = std::min(highest, point.y);
  }
  EXPECT_FLOAT_EQ(highest, kYAxis.pixel(most));
}

}  // namespace
}  // namespace sketchscope::plot
