// Guarantees of count-min and of its conservative update, against truth and each other.
#include "engine/sketch/table_sketch.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numbers>

#include "tests/engine/sketch/random_stream.hpp"

namespace sketchscope::sketch {
namespace {

SketchShape random_shape(core::SplitMix64& random) {
  return {.width = 1 + static_cast<int>(random.below(64)),
          .depth = 1 + static_cast<int>(random.below(6)),
          .seed = random.next()};
}

TEST(ConservativeCountMin, LiesBetweenExactSumsAndCountMinBitForBit) {
  for (std::uint64_t seed = 0; seed < 150; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    core::SplitMix64 random(seed);
    const SketchShape shape = random_shape(random);
    CountMin plain(shape);
    ConservativeCountMin conservative(shape);
    ExactSums exact(shape);
    const auto decay = static_cast<float>(random.below(2) == 0 ? 1.0 : 0.5 + random.uniform() / 2);
    for (int step = 0; step < 60; ++step) {
      const Batch batch = random_batch(random, 128, 100);
      for (Sketch* sketch : {static_cast<Sketch*>(&plain), static_cast<Sketch*>(&conservative),
                             static_cast<Sketch*>(&exact)}) {
        sketch->scale(decay);
        sketch->update(batch);
      }
      for (std::uint32_t id = 0; id < 140; ++id) {
        ASSERT_GE(exact.estimate(id), 0.0F);
        ASSERT_GE(conservative.estimate(id), exact.estimate(id)) << "item " << id;
        ASSERT_GE(plain.estimate(id), conservative.estimate(id)) << "item " << id;
      }
      for (std::size_t cell = 0; cell < plain.cells().size(); ++cell) {
        ASSERT_GE(plain.cells()[cell], conservative.cells()[cell]) << "cell " << cell;
      }
    }
  }
}

// A second implementation of docs/cache.md, "Sketches", in double precision and simple loops.
class PlainTable {
 public:
  enum class Update { add, conservative };
  PlainTable(const SketchShape& shape, Update update) : update_(update), hashes_(shape) {}

  void update(const Batch& batch) {
    std::map<std::uint32_t, double> items;
    for (const kernels::SketchItem& item : batch) items[item.id] += item.mass;
    std::map<std::uint32_t, double> before;
    for (const auto& [id, mass] : items) before[id] = estimate(id);
    for (int row = 0; row < hashes_.shape().depth; ++row) {
      for (const auto& [id, mass] : items) {
        double& cell = cells_[{row, hashes_.bucket(row, id)}];
        cell = update_ == Update::add ? cell + mass : std::max(cell, before[id] + mass);
      }
    }
  }
  double estimate(std::uint32_t id) {
    double smallest = std::numeric_limits<double>::infinity();
    for (int row = 0; row < hashes_.shape().depth; ++row) {
      smallest = std::min(smallest, cells_[{row, hashes_.bucket(row, id)}]);
    }
    return smallest;
  }

 private:
  Update update_;
  HashFamily hashes_;
  std::map<std::pair<int, std::uint32_t>, double> cells_;
};

TEST(CountMin, MatchesAPlainImplementationInDouble) {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    core::SplitMix64 random(seed);
    const SketchShape shape = random_shape(random);
    CountMin plain(shape);
    ConservativeCountMin conservative(shape);
    PlainTable plain_truth(shape, PlainTable::Update::add);
    PlainTable conservative_truth(shape, PlainTable::Update::conservative);
    for (int step = 0; step < 20; ++step) {
      const Batch batch = random_batch(random, 96, 64);
      plain.update(batch);
      conservative.update(batch);
      plain_truth.update(batch);
      conservative_truth.update(batch);
    }
    for (std::uint32_t id = 0; id < 96; ++id) {
      const double expected = plain_truth.estimate(id);
      const double least = conservative_truth.estimate(id);
      ASSERT_NEAR(plain.estimate(id), expected, 1e-5 * (1 + expected)) << "seed " << seed;
      ASSERT_NEAR(conservative.estimate(id), least, 1e-5 * (1 + least)) << "seed " << seed;
    }
  }
}

TEST(CountMin, ExceedsEpsilonNNoMoreOftenThanDelta) {
  // 300 seeds × 400 ids. Over seeds the share of ids beyond ε·N is at most δ in expectation.
  constexpr int kSeeds = 300;
  for (const int depth : {1, 2, 3}) {
    double beyond = 0;
    for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
      core::SplitMix64 random(seed + 1000);
      CountMin sketch({.width = 32, .depth = depth, .seed = seed});
      Truth truth;
      for (int step = 0; step < 20; ++step) {
        const Batch batch = random_batch(random, 400, 60);
        sketch.update(batch);
        truth.update(batch);
      }
      const double bound = sketch.error_bound().above;
      for (std::uint32_t id = 0; id < 400; ++id) {
        beyond += sketch.estimate(id) - truth.of(id) > bound ? 1 : 0;
      }
    }
    const double delta = std::exp(-depth);
    EXPECT_LE(beyond / (kSeeds * 400.0), delta + 4 * std::sqrt(delta * (1 - delta) / kSeeds));
  }
}

TEST(CountMin, ErrsWhereItemsMeet) {
  // One cell holds everything: the estimate of any item is all the mass there is.
  CountMin plain({.width = 1, .depth = 3});
  ConservativeCountMin conservative({.width = 1, .depth = 3});
  for (Sketch* sketch : {static_cast<Sketch*>(&plain), static_cast<Sketch*>(&conservative)}) {
    sketch->update(Batch{{1, 1.0F}, {2, 2.0F}});
    sketch->update(Batch{{3, 4.0F}});
  }
  EXPECT_EQ(plain.estimate(1), 7.0F);
  EXPECT_EQ(conservative.estimate(1), 6.0F);  // max(1, 2), then 2 + 4
}

TEST(CountMin, IsExactInATableWideEnough) {
  core::SplitMix64 random(11);
  CountMin sketch({.width = 1 << 20, .depth = 6});
  ExactSums exact({});
  for (int step = 0; step < 20; ++step) {
    const Batch batch = random_batch(random, 500, 200);
    sketch.update(batch);
    exact.update(batch);
  }
  for (std::uint32_t id = 0; id < 600; ++id) ASSERT_EQ(sketch.estimate(id), exact.estimate(id));
}

TEST(CountMin, PutsAnItemIntoTheCellItNames) {
  const SketchShape shape{.width = 64, .depth = 4, .seed = 3};
  CountMin sketch(shape);
  sketch.update(Batch{{123, 2.0F}});
  for (int row = 0; row < shape.depth; ++row) {
    for (int column = 0; column < shape.width; ++column) {
      const float cell = sketch.cells()[static_cast<std::size_t>(row * shape.width + column)];
      EXPECT_EQ(cell, column == sketch.bucket(row, 123) ? 2.0F : 0.0F);
    }
  }
}

TEST(CountMin, DependsOnItsSeed) {
  CountMin one({.width = 512, .depth = 1, .seed = 1});
  CountMin other({.width = 512, .depth = 1, .seed = 2});
  one.update(Batch{{5, 1.0F}});
  other.update(Batch{{5, 1.0F}});
  EXPECT_FALSE(std::ranges::equal(one.cells(), other.cells()));
}

TEST(CountMin, TakesTheBytesOfItsTableAndHashes) {
  const CountMin sketch({.width = 512, .depth = 4});
  EXPECT_EQ(sketch.bytes(), 4U * 512 * sizeof(float) + 4 * 2 * sizeof(std::uint64_t));
}

TEST(ErrorBound, IsEpsilonNAndZeroForExactSums) {
  CountMin sketch({.width = 100, .depth = 2});
  ExactSums exact({.width = 100, .depth = 2});
  sketch.update(Batch{{1, 30.0F}, {2, 20.0F}});
  exact.update(Batch{{1, 30.0F}, {2, 20.0F}});
  EXPECT_DOUBLE_EQ(sketch.error_bound().above, std::numbers::e / 100 * 50);
  EXPECT_EQ(sketch.error_bound().below, 0.0);
  EXPECT_DOUBLE_EQ(sketch.error_bound().failure, std::exp(-2));
  EXPECT_EQ(exact.error_bound().above, 0.0);
}

TEST(ExactSums, GrowWithTheLargestId) {
  ExactSums exact({});
  EXPECT_EQ(exact.bytes(), 0U);
  exact.update(Batch{{50256, 1.0F}});
  EXPECT_GE(exact.bytes(), 50257 * sizeof(float));
  EXPECT_EQ(exact.estimate(50256), 1.0F);
  EXPECT_EQ(exact.estimate(4000000000U), 0.0F);
}

}  // namespace
}  // namespace sketchscope::sketch
