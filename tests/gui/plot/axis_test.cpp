#include "gui/plot/axis.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <utility>

#include <algorithm>
#include <cmath>
#include <limits>
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

}  // namespace
}  // namespace sketchscope::plot
