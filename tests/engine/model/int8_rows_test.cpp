#include "engine/model/int8_rows.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "engine/core/error.hpp"
#include "engine/core/random.hpp"

namespace sketchscope::model {
namespace {

struct Quantised {
  std::vector<std::int8_t> weights;
  std::vector<float> scale;
};

Quantised quantise(std::span<const float> numbers, std::size_t rows) {
  Quantised result{std::vector<std::int8_t>(numbers.size()), std::vector<float>(rows)};
  quantise_rows(numbers, {.weights = result.weights, .scale = result.scale});
  return result;
}

TEST(QuantiseRows, GivesEachRowAScaleOfItsOwn) {
  const auto [weights, scale] =
      quantise(std::vector<float>{1, -2, 0.5F, 0, 0, 0, 0.1F, 0.2F, 12.7F}, 3);
  EXPECT_THAT(weights, ::testing::ElementsAre(64, -127, 32, 0, 0, 0, 1, 2, 127));
  EXPECT_THAT(scale, ::testing::ElementsAre(2.0F / 127, 0.0F, 12.7F / 127));
}

TEST(QuantiseRows, IsNeverOffByMoreThanHalfAStep) {
  core::SplitMix64 random(5);
  std::vector<float> numbers(64 * 50);
  for (float& number : numbers)
    number = static_cast<float>(random.uniform() * random.uniform() - 0.3);
  const auto [weights, scale] = quantise(numbers, 50);
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const float step = scale[i / 64];
    ASSERT_NEAR(step * weights[i], numbers[i], 0.5001F * step) << "at " << i;
    ASSERT_GE(weights[i], -127);
  }
}

TEST(QuantiseRows, RefusesWhatIsNotANumber) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  EXPECT_THROW(quantise(std::vector<float>{1, NAN}, 1), core::Error);
  EXPECT_THROW(quantise(std::vector<float>{-kInfinity, 1}, 1), core::Error);
}

TEST(QuantiseRows, OfNoneDoesNothing) {
  EXPECT_NO_THROW(quantise({}, 0));
}

}  // namespace
}  // namespace sketchscope::model
