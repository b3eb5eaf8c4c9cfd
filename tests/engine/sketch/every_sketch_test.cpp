// Properties of every registered sketch.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "engine/core/error.hpp"
#include "engine/sketch/sketch.hpp"
#include "tests/engine/sketch/random_stream.hpp"

namespace sketchscope::sketch {
namespace {

using ::testing::ElementsAreArray;

std::vector<float> estimates(const Sketch& sketch, std::uint32_t ids) {
  std::vector<float> values;
  for (std::uint32_t id = 0; id < ids; ++id) values.push_back(sketch.estimate(id));
  return values;
}

class EverySketch : public ::testing::TestWithParam<SketchKind> {};

// Count-sketch alone errs to both sides.
class EveryOneSidedSketch : public ::testing::TestWithParam<SketchKind> {};

TEST_P(EverySketch, IsZeroAtFirst) {
  const auto sketch = GetParam().make({.width = 32, .depth = 3});
  EXPECT_THAT(estimates(*sketch, 100), ::testing::Each(0.0F));
  EXPECT_EQ(sketch->total_mass(), 0.0);
  EXPECT_FALSE(sketch->approximate());
}

TEST_P(EverySketch, DoesNotDependOnTheOrderOfABatch) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    core::SplitMix64 random(seed);
    const auto one = GetParam().make({.width = 24, .depth = 3, .seed = seed});
    const auto other = one->clone();
    for (int step = 0; step < 20; ++step) {
      const Batch batch = random_batch(random, 60, 200);
      one->update(batch);
      other->update(shuffled(batch, random));
    }
    ASSERT_EQ(estimates(*one, 60), estimates(*other, 60)) << "seed " << seed;
    ASSERT_THAT(other->cells(), ElementsAreArray(one->cells()));
    ASSERT_EQ(one->total_mass(), other->total_mass());
  }
}

TEST_P(EverySketch, SumsEqualIdsBeforeTheyEnter) {
  const auto split = GetParam().make({.width = 8, .depth = 2});
  const auto whole = GetParam().make({.width = 8, .depth = 2});
  split->update(Batch{{5, 0.25F}, {9, 1.0F}, {5, 0.5F}, {5, 0.125F}});
  whole->update(Batch{{9, 1.0F}, {5, 0.875F}});
  EXPECT_EQ(estimates(*split, 20), estimates(*whole, 20));
}

TEST_P(EveryOneSidedSketch, NeverUnderestimates) {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    core::SplitMix64 random(seed);
    const auto sketch = GetParam().make({.width = 1 + static_cast<int>(random.below(40)),
                                         .depth = 1 + static_cast<int>(random.below(5)),
                                         .seed = seed});
    Truth truth;
    for (int step = 0; step < 30; ++step) {
      const Batch batch = random_batch(random, 100, 80);
      sketch->update(batch);
      truth.update(batch);
    }
    for (std::uint32_t id = 0; id < 120; ++id) {  // absent ones too
      ASSERT_GE(sketch->estimate(id), truth.of(id) * (1 - 1e-5)) << "seed " << seed << ", " << id;
    }
    ASSERT_NEAR(sketch->total_mass(), truth.total(), truth.total() * 1e-6);
  }
}

TEST_P(EverySketch, IsExactForOneItem) {
  const auto sketch = GetParam().make({.width = 1, .depth = 1});
  for (int step = 0; step < 64; ++step) sketch->update(Batch{{77, 0.5F}});
  EXPECT_EQ(sketch->estimate(77), 32.0F);
}

TEST_P(EverySketch, DecaysEstimatesAndTotalAlike) {
  core::SplitMix64 random(3);
  const auto sketch = GetParam().make({.width = 32, .depth = 4});
  sketch->update(random_batch(random, 100, 100));
  const std::vector<float> before = estimates(*sketch, 100);
  const double total = sketch->total_mass();
  sketch->scale(0.5F);
  for (std::uint32_t id = 0; id < 100; ++id) EXPECT_EQ(sketch->estimate(id), before[id] * 0.5F);
  EXPECT_EQ(sketch->total_mass(), total * 0.5);
}

TEST_P(EveryOneSidedSketch, NeverUnderestimatesADecayedStream) {
  core::SplitMix64 random(4);
  const auto sketch = GetParam().make({.width = 20, .depth = 3});
  Truth truth;
  for (int step = 0; step < 200; ++step) {
    const Batch batch = random_batch(random, 64, 64);
    sketch->scale(0.9F);
    truth.scale(0.9F);
    sketch->update(batch);
    truth.update(batch);
    for (std::uint32_t id = 0; id < 64; ++id) {
      ASSERT_GE(sketch->estimate(id), truth.of(id) * (1 - 1e-5));
    }
  }
}

TEST_P(EverySketch, ContinuesInACloneAndLeavesTheOriginalAlone) {
  core::SplitMix64 random(5);
  const auto original = GetParam().make({.width = 16, .depth = 2});
  original->update(random_batch(random, 50, 50));
  const auto clone = original->clone();
  const std::vector<float> before = estimates(*original, 50);
  EXPECT_EQ(estimates(*clone, 50), before);

  const Batch next = random_batch(random, 50, 50);
  clone->update(next);
  EXPECT_EQ(estimates(*original, 50), before);
  original->update(next);
  EXPECT_EQ(estimates(*original, 50), estimates(*clone, 50));
}

TEST_P(EverySketch, ForgetsNothingOnAnEmptyBatch) {
  core::SplitMix64 random(6);
  const auto sketch = GetParam().make({.width = 16, .depth = 2});
  sketch->update(random_batch(random, 50, 50));
  const std::vector<float> before = estimates(*sketch, 50);
  sketch->update({});
  EXPECT_EQ(estimates(*sketch, 50), before);
}

TEST_P(EverySketch, KeepsItsShapeAndPlacesItemsInside) {
  const SketchShape shape{.width = 48, .depth = 5, .seed = 9};
  const auto sketch = GetParam().make(shape);
  EXPECT_EQ(sketch->shape(), shape);
  for (int row = 0; row < 5; ++row) {
    for (std::uint32_t id = 0; id < 1000; ++id) {
      ASSERT_GE(sketch->bucket(row, id), 0);
      ASSERT_LT(sketch->bucket(row, id), 48);
    }
  }
}

TEST_P(EverySketch, TakesBatchesBeyondWhatFitsOnTheStack) {
  Batch batch;
  Truth truth;
  for (std::uint32_t id = 0; id < 50000; ++id) batch.push_back({.id = id % 30000, .mass = 0.5F});
  const auto sketch = GetParam().make({.width = 1 << 16, .depth = 4});
  sketch->update(batch);
  truth.update(batch);
  EXPECT_EQ(sketch->total_mass(), truth.total());
  double error = 0;
  for (std::uint32_t id = 0; id < 30000; ++id) error += sketch->estimate(id) - truth.of(id);
  // In the mean a row adds its share N / W of all mass to an estimate.
  EXPECT_LT(std::abs(error) / 30000, 1.1 * truth.total() / (1 << 16));
}

TEST_P(EverySketch, StartsFromTheEstimatesOfAnyOther) {
  for (const SketchKind& from : sketch_kinds()) {
    core::SplitMix64 random(7);
    const auto old = from.make({.width = 40, .depth = 3});
    for (int step = 0; step < 10; ++step) old->update(random_batch(random, 90, 60));
    const std::vector<std::uint32_t> ids = {3, 80, 14, 3, 41};

    const auto sketch = reshape_sketch(GetParam(), {.width = 64, .depth = 2, .seed = 1}, *old, ids);
    EXPECT_TRUE(sketch->approximate());
    EXPECT_FALSE(old->approximate());
    EXPECT_TRUE(sketch->clone()->approximate());
    double total = 0;
    for (const std::uint32_t id : {3, 80, 14, 41}) {
      EXPECT_GE(sketch->estimate(id), old->estimate(id)) << from.name << ", item " << id;
      total += old->estimate(id);
    }
    EXPECT_NEAR(sketch->total_mass(), total, total * 1e-6);
  }
}

TEST_P(EverySketch, StartsAtZeroFromNoItems) {
  const auto old = GetParam().make({.width = 40, .depth = 3});
  old->update(Batch{{1, 1.0F}});
  const auto sketch = reshape_sketch(GetParam(), {.width = 4, .depth = 1}, *old, {});
  EXPECT_TRUE(sketch->approximate());
  EXPECT_EQ(sketch->total_mass(), 0.0);
  EXPECT_EQ(sketch->estimate(1), 0.0F);
}

TEST_P(EverySketch, HasATableIfItsRegistryEntrySaysSo) {
  EXPECT_EQ(GetParam().make({.width = 8, .depth = 2})->cells().size(),
            GetParam().has_table ? 16U : 0U);
}

TEST_P(EverySketch, SaysWhatItIsFor) {
  EXPECT_GT(GetParam().help.size(), 10U);
}

std::string test_name(const ::testing::TestParamInfo<SketchKind>& kind) {
  std::string name(kind.param.name);
  std::ranges::replace(name, '-', '_');
  return name;
}

std::vector<SketchKind> one_sided_kinds() {
  std::vector<SketchKind> kinds(sketch_kinds().begin(), sketch_kinds().end());
  std::erase_if(kinds, [](const SketchKind& kind) {
    const auto sketch = kind.make({});
    sketch->update(std::vector<kernels::SketchItem>{{.id = 1, .mass = 1}});
    return sketch->error_bound().below > 0;
  });
  return kinds;
}

INSTANTIATE_TEST_SUITE_P(Registered, EverySketch,
                         ::testing::ValuesIn(sketch_kinds().begin(), sketch_kinds().end()),
                         test_name);
INSTANTIATE_TEST_SUITE_P(Registered, EveryOneSidedSketch, ::testing::ValuesIn(one_sided_kinds()),
                         test_name);

TEST(SketchRegistry, NamesTheKindsThereAreWhenAskedForAnother) {
  try {
    static_cast<void>(sketch_kinds().at("count-mini"));
    FAIL() << "an unknown sketch was made";
  } catch (const core::UsageError& error) {
    EXPECT_THAT(error.what(), ::testing::HasSubstr("count-mini"));
    EXPECT_THAT(error.what(), ::testing::HasSubstr("count-min-conservative"));
  }
}

}  // namespace
}  // namespace sketchscope::sketch
