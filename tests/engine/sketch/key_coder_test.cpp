#include "engine/sketch/items.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <numbers>
#include <set>

#include "engine/core/error.hpp"
#include "engine/core/random.hpp"

namespace sketchscope::sketch {
namespace {

std::vector<float> random_key(core::SplitMix64& random, int width) {
  std::vector<float> key(static_cast<std::size_t>(width));
  for (float& value : key) value = static_cast<float>(random.uniform() - 0.5);
  return key;
}

double angle_between(const std::vector<float>& left, const std::vector<float>& right) {
  double dot = 0;
  double left_square = 0;
  double right_square = 0;
  for (std::size_t at = 0; at < left.size(); ++at) {
    dot += double{left[at]} * right[at];
    left_square += double{left[at]} * left[at];
    right_square += double{right[at]} * right[at];
  }
  return std::acos(dot / std::sqrt(left_square * right_square));
}

TEST(KeyCoder, AgreesInABitAsOftenAsTheAngleBetweenKeysSays) {
  // One coder of 24 bits per seed: 24 × 400 independent planes for each pair of keys.
  constexpr int kSeeds = 400;
  core::SplitMix64 random(1);
  const std::vector<float> key = random_key(random, 32);
  for (const float mix : {0.1F, 0.5F, 1.0F, 3.0F}) {
    std::vector<float> other = random_key(random, 32);
    for (std::size_t at = 0; at < other.size(); ++at) other[at] = key[at] + mix * other[at];
    int agreeing = 0;
    for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
      const KeyCoder coder(32, 24, seed);
      agreeing += 24 - std::popcount(coder.code(key) ^ coder.code(other));
    }
    const double expected = 1 - angle_between(key, other) / std::numbers::pi;
    EXPECT_NEAR(agreeing / (24.0 * kSeeds), expected, 4 * 0.5 / std::sqrt(24.0 * kSeeds));
  }
}

TEST(KeyCoder, DependsOnTheDirectionOfAKeyAlone) {
  core::SplitMix64 random(2);
  const KeyCoder coder(64, 24, 42);
  std::vector<float> key = random_key(random, 64);
  const std::uint32_t code = coder.code(key);
  for (float& value : key) value *= 8;
  EXPECT_EQ(coder.code(key), code);
  for (float& value : key) value = -value;
  EXPECT_EQ(coder.code(key), ~code & 0xFFFFFFU) << "the opposite key lies on the other sides";
}

// The way of the first implementation, int(Σ|k|), gave some 28 items for 1024 tokens.
TEST(KeyCoder, GivesAThousandKeysAThousandCodes) {
  core::SplitMix64 random(3);
  const KeyCoder coder(64, 24, 42);
  std::set<std::uint32_t> codes;
  for (int token = 0; token < 1024; ++token) codes.insert(coder.code(random_key(random, 64)));
  EXPECT_GE(codes.size(), 1023U);
}

TEST(KeyCoder, StaysBelowTwoToItsBits) {
  core::SplitMix64 random(4);
  for (const int bits : {1, 5, 24}) {
    const KeyCoder coder(16, bits, 7);
    for (int turn = 0; turn < 100; ++turn) {
      EXPECT_LT(coder.code(random_key(random, 16)), std::uint32_t{1} << bits);
    }
  }
}

TEST(KeyCoder, RefusesLengthsThatNoItemHolds) {
  EXPECT_THROW(KeyCoder(8, 0, 1), core::UsageError);
  EXPECT_THROW(KeyCoder(8, 25, 1), core::UsageError);
}

}  // namespace
}  // namespace sketchscope::sketch
