#include "engine/sketch/table_sketch.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "engine/core/error.hpp"
#include "engine/core/random.hpp"

namespace sketchscope::sketch {
namespace {

using ::testing::ElementsAre;

const std::vector<std::uint32_t> kItems = {0, 1, 2, 1023, 50256};

std::vector<std::uint32_t> buckets(const HashFamily& family, int row) {
  std::vector<std::uint32_t> values;
  for (const std::uint32_t item : kItems) values.push_back(family.bucket(row, item));
  return values;
}

std::vector<float> signs(const HashFamily& family, int row) {
  std::vector<float> values;
  for (const std::uint32_t item : kItems) values.push_back(family.sign(row, item));
  return values;
}

constexpr auto kPlain = kernels::SketchInput::plain;

// The numbers come from the formula written down once more, with Python's unbounded integers.
TEST(HashFamily, FillsBucketsByTheFormula) {
  const HashFamily family({.width = 512, .depth = 4, .seed = 42});
  EXPECT_THAT(buckets(family, 0), ElementsAre(213, 97, 322, 438, 433));
  EXPECT_THAT(buckets(family, 1), ElementsAre(240, 29, 4, 124, 500));
  EXPECT_THAT(buckets(family, 2), ElementsAre(304, 416, 291, 230, 436));
  EXPECT_THAT(buckets(family, 3), ElementsAre(111, 497, 192, 502, 110));
}

TEST(HashFamily, FillsBucketsByTheFormulaOfPlainItems) {
  const HashFamily family({.width = 512, .depth = 4, .seed = 42, .input = kPlain});
  EXPECT_THAT(buckets(family, 0), ElementsAre(363, 165, 479, 362, 458));
  EXPECT_THAT(buckets(family, 1), ElementsAre(403, 70, 250, 98, 426));
  EXPECT_THAT(buckets(family, 2), ElementsAre(253, 89, 437, 508, 205));
  EXPECT_THAT(buckets(family, 3), ElementsAre(388, 342, 297, 217, 429));
}

TEST(HashFamily, FillsBucketsByTheFormulaForAWidthThatIsNoPowerOfTwo) {
  const HashFamily mixed({.width = 1000, .depth = 3, .seed = 7});
  EXPECT_THAT(buckets(mixed, 0), ElementsAre(704, 88, 889, 137, 934));
  EXPECT_THAT(buckets(mixed, 1), ElementsAre(780, 730, 222, 577, 455));
  EXPECT_THAT(buckets(mixed, 2), ElementsAre(840, 893, 101, 437, 570));
  const HashFamily plain({.width = 1000, .depth = 3, .seed = 7, .input = kPlain});
  EXPECT_THAT(buckets(plain, 0), ElementsAre(707, 770, 833, 792, 466));
  EXPECT_THAT(buckets(plain, 1), ElementsAre(326, 617, 261, 59, 375));
  EXPECT_THAT(buckets(plain, 2), ElementsAre(391, 371, 998, 839, 935));
}

TEST(HashFamily, DrawsFourNumbersARowWhenSignsAreWanted) {
  const auto draw = HashFamily::Draw::buckets_and_signs;
  const HashFamily mixed({.width = 512, .depth = 4, .seed = 42}, draw);
  EXPECT_THAT(buckets(mixed, 1), ElementsAre(304, 416, 291, 230, 436));
  EXPECT_THAT(buckets(mixed, 3), ElementsAre(216, 361, 139, 66, 286));
  EXPECT_THAT(signs(mixed, 0), ElementsAre(1, -1, 1, 1, 1));
  EXPECT_THAT(signs(mixed, 3), ElementsAre(1, -1, 1, -1, -1));
  const HashFamily plain({.width = 512, .depth = 4, .seed = 42, .input = kPlain}, draw);
  EXPECT_THAT(buckets(plain, 1), ElementsAre(253, 89, 437, 508, 205));
  EXPECT_THAT(buckets(plain, 3), ElementsAre(159, 436, 201, 498, 272));
  EXPECT_THAT(signs(plain, 0), ElementsAre(-1, 1, 1, 1, 1));
  EXPECT_THAT(signs(plain, 1), ElementsAre(1, 1, -1, -1, -1));
  EXPECT_THAT(signs(plain, 2), ElementsAre(1, -1, -1, -1, 1));
  EXPECT_THAT(signs(plain, 3), ElementsAre(-1, 1, 1, 1, -1));
}

TEST(HashFamily, StaysInsideTheWidthForAnyItem) {
  for (const int width : {1, 2, 3, 511, 65536, 2147483647}) {
    const HashFamily family({.width = width, .depth = 3, .seed = 5});
    core::SplitMix64 random(static_cast<std::uint64_t>(width));
    for (int turn = 0; turn < 1000; ++turn) {
      const auto item = static_cast<std::uint32_t>(random.next());
      ASSERT_LT(family.bucket(turn % 3, item), static_cast<std::uint32_t>(width));
    }
  }
}

TEST(HashFamily, SendsConsecutiveItemsToMostBucketsEvenly) {
  // chi² with 63 degrees of freedom has mean 63 and deviation √126; an affine hash of consecutive
  // items spreads them at least as evenly as chance on average.
  double sum = 0;
  constexpr int kSeeds = 200;
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    const HashFamily family({.width = 64, .depth = 1, .seed = seed});
    std::vector<int> load(64);
    for (std::uint32_t item = 0; item < 1024; ++item) ++load[family.bucket(0, item)];
    for (const int count : load) sum += (count - 16.0) * (count - 16.0) / 16.0;
  }
  EXPECT_LT(sum / kSeeds, 63 + 4 * std::sqrt(126.0 / kSeeds));
}

TEST(HashFamily, LetsTwoItemsMeetAboutOnceInWidth) {
  constexpr int kSeeds = 20000;
  int meetings = 0;
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    const HashFamily family({.width = 50, .depth = 1, .seed = seed});
    meetings += family.bucket(0, 17) == family.bucket(0, 900) ? 1 : 0;
  }
  EXPECT_NEAR(meetings, kSeeds / 50, 5 * std::sqrt(kSeeds / 50));
}

TEST(HashFamily, DiffersBetweenSeedsAndRows) {
  std::set<std::vector<std::uint32_t>> seen;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const HashFamily family({.width = 1 << 20, .depth = 4, .seed = seed});
    for (int row = 0; row < 4; ++row) seen.insert(buckets(family, row));
  }
  EXPECT_EQ(seen.size(), 200U);
}

TEST(HashFamily, RefusesAShapeWithoutCells) {
  EXPECT_THROW(HashFamily({.width = 0, .depth = 4}), core::UsageError);
  EXPECT_THROW(HashFamily({.width = 512, .depth = 0}), core::UsageError);
  EXPECT_THROW(HashFamily({.width = -1, .depth = -1}), core::UsageError);
}

}  // namespace
}  // namespace sketchscope::sketch
