#include "kernels/number_format.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace sketchscope::kernels {
namespace {

constexpr std::uint32_t kPatterns = 0x10000;

template <class Narrow>
Narrow pattern(std::uint32_t bits) {
  return Narrow{static_cast<std::uint16_t>(bits)};
}

TEST(Half, HasTheValuesOfIeee754) {
  EXPECT_EQ(to_float(Half{0x3C00}), 1.0F);
  EXPECT_EQ(to_float(Half{0xC000}), -2.0F);
  EXPECT_EQ(to_float(Half{0x7BFF}), 65504.0F);
  EXPECT_EQ(to_float(Half{0x0400}), 0x1p-14F);
  EXPECT_EQ(to_float(Half{0x0001}), 0x1p-24F);
  EXPECT_EQ(to_float(Half{0x7C00}), INFINITY);
  EXPECT_TRUE(std::signbit(to_float(Half{0x8000})));
  EXPECT_TRUE(std::isnan(to_float(Half{0x7E00})));
}

TEST(Half, OfAnyPatternSurvivesTheWayToFloatAndBack) {
  for (std::uint32_t bits = 0; bits < kPatterns; ++bits) {
    const float value = to_float(pattern<Half>(bits));
    if (std::isnan(value)) {
      EXPECT_TRUE(std::isnan(to_float(Half{f16_from_float(value)}))) << bits;
    } else {
      EXPECT_EQ(f16_from_float(value), bits);
    }
  }
}

TEST(Bfloat16, OfAnyPatternSurvivesTheWayToFloatAndBack) {
  for (std::uint32_t bits = 0; bits < kPatterns; ++bits) {
    const float value = to_float(pattern<Bfloat16>(bits));
    if (std::isnan(value)) {
      EXPECT_TRUE(std::isnan(to_float(Bfloat16{bf16_from_float(value)}))) << bits;
    } else {
      EXPECT_EQ(bf16_from_float(value), bits);
    }
  }
}

/// Rounds to the nearest value, and to the even pattern halfway between two neighbours.
template <class Narrow, class Round>
void expect_rounding_to_nearest(std::uint32_t last_pattern, Round round) {
  for (std::uint32_t bits = 0; bits < last_pattern; ++bits) {
    const float below = to_float(pattern<Narrow>(bits));
    const float above = to_float(pattern<Narrow>(bits + 1));
    const float middle = below + (above - below) / 2.0F;
    ASSERT_EQ(round(middle), bits % 2 == 0 ? bits : bits + 1) << middle;
    ASSERT_EQ(round(std::nextafter(middle, below)), bits) << middle;
    ASSERT_EQ(round(std::nextafter(middle, above)), bits + 1) << middle;
  }
}

TEST(Half, IsTheNearestToItsFloatTiesToEven) {
  expect_rounding_to_nearest<Half>(0x7BFF, f16_from_float);
}

TEST(Bfloat16, IsTheNearestToItsFloatTiesToEven) {
  expect_rounding_to_nearest<Bfloat16>(0x7F7F, bf16_from_float);
}

TEST(Half, BeyondItsRangeIsInfinity) {
  EXPECT_EQ(f16_from_float(65519.0F), 0x7BFF);
  EXPECT_EQ(f16_from_float(65520.0F), 0x7C00);
  EXPECT_EQ(f16_from_float(-1e30F), 0xFC00);
}

}  // namespace
}  // namespace sketchscope::kernels
