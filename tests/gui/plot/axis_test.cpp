#include "gui/plot/axis.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <utility>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <set>
#include <vector>

#include "engine/core/random.hpp"

namespace sketchscope::plot {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> labels(const std::vector<Tick>& ticks) {
  std::vector<std::string> all;
  for (const auto& tick : ticks) all.push_back(tick.label);
  return all;
}

TEST(NiceStep, IsOneTwoOrFiveTimesAPowerOfTenAndNotBelowItsValue) {
  core::SplitMix64 random(7);
  for (int i = 0; i < 1000; ++i) {
    const double value = std::pow(10.0, random.uniform() * 20 - 10);
    const double step = nice_step(value);
    EXPECT_GE(step, value * (1 - 1e-9));
    EXPECT_LE(step, value * 2.5 * (1 + 1e-9)) << "no step in between was left out";
    const double lead = step / std::pow(10.0, std::floor(std::log10(step) + 1e-9));
    EXPECT_TRUE(std::abs(lead - 1) < 1e-6 || std::abs(lead - 2) < 1e-6 || std::abs(lead - 5) < 1e-6)
        << value << " gave " << step;
  }
}

TEST(Axis, MapsItsEndsToItsPixelsAndBack) {
  const Axis axis({.minimum = -2, .maximum = 6}, 100, 300);
  EXPECT_FLOAT_EQ(axis.pixel(-2), 100);
  EXPECT_FLOAT_EQ(axis.pixel(6), 300);
  EXPECT_NEAR(axis.value(200), 2, 1e-6);
}

TEST(Axis, InvertsItselfAnywhere) {
  core::SplitMix64 random(3);
  for (int i = 0; i < 200; ++i) {
    const Scale scale = i % 2 == 0 ? Scale::linear : Scale::log10;
    const double low = 0.01 + random.uniform();
    const Axis axis({.minimum = low, .maximum = low + 1 + 1000 * random.uniform(), .scale = scale},
                    400, 20);
    const double value = low + random.uniform() * (axis.maximum() - low);
    EXPECT_NEAR(axis.value(axis.pixel(value)), value, 1e-3 * value + 1e-3);
  }
}

TEST(Axis, PutsTicksOnRoundValues) {
  const Axis axis({.maximum = 0.1}, 100, 0);
  EXPECT_THAT(labels(axis.ticks(40)), ElementsAre("0", "0.05", "0.1"));
}

TEST(Axis, CountsOnlyWholeNumbersWhereAskedTo) {
  const Axis axis(integer_axis(0, 3), 0, 1000);
  EXPECT_THAT(labels(axis.ticks(50)), ElementsAre("0", "1", "2", "3"));
}

TEST(Axis, PutsLogarithmicTicksOnPowersOfTen) {
  const Axis axis({.minimum = 0.01, .maximum = 100, .scale = Scale::log10}, 0, 400);
  EXPECT_THAT(labels(axis.ticks(30)), ElementsAre("0.01", "0.1", "1", "10", "100"));
}

TEST(Axis, PutsTicksOfBytesOnWholeUnits) {
  const Axis axis(bytes_axis(3.1 * 1024 * 1024), 200, 0);
  EXPECT_THAT(labels(axis.ticks(40)), ElementsAre("0 B", "1 MiB", "2 MiB", "3 MiB", "4 MiB"));
}

TEST(Axis, KeepsTicksApart) {
  core::SplitMix64 random(11);
  for (int i = 0; i < 500; ++i) {
    const double low = random.uniform() * 100 - 50;
    const double high = low + std::pow(10.0, random.uniform() * 8 - 4);
    const Axis axis({.minimum = low, .maximum = high}, 0, 300);
    const auto ticks = axis.ticks(35);
    for (std::size_t t = 1; t < ticks.size(); ++t) {
      EXPECT_GE(axis.pixel(ticks[t].value) - axis.pixel(ticks[t - 1].value), 34.9F);
    }
  }
}

TEST(Axis, DrawsEvenWhatHasNoRange) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const auto scale : {Scale::linear, Scale::log10}) {
    for (const auto& [low, high] : {std::pair{1.0, 1.0}, {5.0, -5.0}, {nan, nan}, {0.0, 0.0}}) {
      const Axis axis({.minimum = low, .maximum = high, .scale = scale}, 0, 100);
      EXPECT_LT(axis.minimum(), axis.maximum());
      EXPECT_TRUE(std::isfinite(axis.pixel(1)));
      EXPECT_TRUE(std::isfinite(axis.pixel(0)));
      EXPECT_LT(axis.ticks(20).size(), 100U);
    }
  }
}

TEST(AxisFromZero, HoldsItsMaximumWithAir) {
  core::SplitMix64 random(5);
  for (int i = 0; i < 300; ++i) {
    const double maximum = std::pow(10.0, random.uniform() * 12 - 6);
    EXPECT_GT(axis_from_zero(maximum).maximum, maximum);
    EXPECT_LE(axis_from_zero(maximum).maximum, maximum * 1.8);
    EXPECT_GT(bytes_axis(maximum * 1e6).maximum, maximum * 1e6);
  }
}

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
