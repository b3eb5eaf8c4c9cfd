#include "engine/model/rotary_positions.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace sketchscope::model {
namespace {

TEST(RotaryPositions, FallByTheSameFactorFromPairToPair) {
  const std::vector<double> frequencies = rotary_frequencies(8, 10000);
  ASSERT_EQ(frequencies.size(), 4U);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_NEAR(frequencies[i], std::pow(10.0, -static_cast<double>(i)), 1e-15);
  }
}

TEST(RotaryPositions, AreExactAtPositionsWhereAnAngleInFloatIsNot) {
  // The first pair makes a whole number of rotations and a quarter.
  const int position = 8000001;
  const RotaryPositions rotary{.frequencies = {std::numbers::pi / 2}};
  const InputRow row{.token = 0, .position = position};
  std::vector<float> rotation(2);
  write_rotations(rotary, {&row, 1}, rotation);
  EXPECT_NEAR(rotation[0], 0.0F, 1e-8);
  EXPECT_NEAR(rotation[1], 1.0F, 1e-8);
  const float angle = static_cast<float>(position) * static_cast<float>(std::numbers::pi / 2);
  EXPECT_GT(std::abs(std::cos(angle)), 1e-2F) << "an angle in float would have done";
}

TEST(RotaryPositions, PutCosinesBeforeSinesRowByRowWithTheirMagnitude) {
  const RotaryPositions rotary{.frequencies = {0.5, 0.25}, .magnitude = 3};
  const std::vector<InputRow> rows = {{7, 0}, {7, 2}};
  std::vector<float> rotations(8);
  write_rotations(rotary, rows, rotations);
  const std::vector<double> expected = {
      1, 1, 0, 0, std::cos(1.0), std::cos(0.5), std::sin(1.0), std::sin(0.5)};
  for (std::size_t i = 0; i < expected.size(); ++i)
    EXPECT_NEAR(rotations[i], 3 * expected[i], 1e-6);
}

}  // namespace
}  // namespace sketchscope::model
