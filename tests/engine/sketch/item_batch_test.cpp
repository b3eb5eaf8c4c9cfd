#include "engine/sketch/items.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>

#include "tests/engine/sketch/random_stream.hpp"

namespace sketchscope::sketch {
namespace {

void expect_merged(const Batch& batch) {
  UpdateArena arena;
  const auto merged = merged_items(batch, arena);
  Truth truth;
  truth.update(batch);
  ASSERT_EQ(
      std::ranges::adjacent_find(merged, std::ranges::greater_equal(), &kernels::SketchItem::id),
      merged.end());
  double total = 0;
  for (const kernels::SketchItem& item : merged) {
    ASSERT_EQ(item.mass, static_cast<float>(truth.of(item.id))) << "item " << item.id;
    total += truth.of(item.id);
  }
  ASSERT_NEAR(total, truth.total(), 1e-9 * truth.total());  // nothing is missing
}

TEST(MergedItems, AscendByIdAndCarryTheSums) {
  for (const std::uint32_t ids : {1U, 2U, 200U, 256U, 257U, 50257U, 1U << 24, 4294967295U}) {
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      core::SplitMix64 random(seed);
      SCOPED_TRACE(std::to_string(ids) + " ids, seed " + std::to_string(seed));
      expect_merged(random_batch(random, ids, 500));
      if (HasFatalFailure()) return;
    }
  }
}

TEST(MergedItems, HoldTheLargestId) {
  expect_merged({{4294967295U, 1.0F}, {0, 2.0F}, {4294967295U, 0.5F}});
}

TEST(MergedItems, AreNoneForAnEmptyBatch) {
  UpdateArena arena;
  EXPECT_TRUE(merged_items({}, arena).empty());
}

TEST(MergedItems, DoNotDependOnTheOrderInWhichEqualIdsCome) {
  // After the 1 each of the last eight is lost to rounding; before it they are not.
  Batch batch = {{5, 1.0F}, {5, 0x1p-24F}};
  batch.resize(10, {.id = 5, .mass = 0x1p-54F});
  core::SplitMix64 random(1);
  for (int turn = 0; turn < 50; ++turn) {
    UpdateArena arena;
    ASSERT_EQ(merged_items(batch, arena).front().mass, 1.0F + 0x1p-23F);
    batch = shuffled(batch, random);
  }
}

}  // namespace
}  // namespace sketchscope::sketch
