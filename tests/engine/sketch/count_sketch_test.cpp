// Properties of count-sketch and of RACE alone.
#include "engine/sketch/table_sketch.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "tests/engine/sketch/random_stream.hpp"

namespace sketchscope::sketch {
namespace {

SketchShape random_count_sketch_shape(core::SplitMix64& random) {
  return {.width = 1 + static_cast<int>(random.below(64)),
          .depth = 1 + static_cast<int>(random.below(7)),
          .seed = random.next()};
}

TEST(CountSketch, IsTheMedianOfItsSignedCellsInDouble) {
  for (std::uint64_t seed = 0; seed < 80; ++seed) {
    core::SplitMix64 random(seed);
    const SketchShape shape = random_count_sketch_shape(random);
    const HashFamily hashes(shape, HashFamily::Draw::buckets_and_signs);
    CountSketch sketch(shape);
    std::map<std::pair<int, std::uint32_t>, double> cells;
    for (int step = 0; step < 20; ++step) {
      const Batch batch = random_batch(random, 96, 64);
      sketch.update(batch);
      for (int row = 0; row < shape.depth; ++row) {
        for (const kernels::SketchItem& item : batch) {
          cells[{row, hashes.bucket(row, item.id)}] += hashes.sign(row, item.id) * item.mass;
        }
      }
    }
    for (std::uint32_t id = 0; id < 96; ++id) {
      std::vector<double> rows;
      for (int row = 0; row < shape.depth; ++row) {
        rows.push_back(hashes.sign(row, id) * cells[{row, hashes.bucket(row, id)}]);
      }
      std::ranges::sort(rows);
      const std::size_t n = rows.size();
      ASSERT_NEAR(sketch.estimate(id), (rows[(n - 1) / 2] + rows[n / 2]) / 2, 1e-4)
          << "seed " << seed;
    }
  }
}

TEST(CountSketch, ErrsToBothSidesAndOnAverageNotAtAll) {
  // One fixed stream under many seeds: the error of an item has mean 0 whatever it is.
  constexpr int kSeeds = 4000;
  core::SplitMix64 random(1);
  const Batch batch = random_batch(random, 40, 200);
  Truth truth;
  truth.update(batch);
  for (const int depth : {1, 2, 3, 4}) {
    double sum = 0;
    double squares = 0;
    int below = 0;
    int above = 0;
    for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
      CountSketch sketch({.width = 8, .depth = depth, .seed = seed});
      sketch.update(batch);
      const double error = sketch.estimate(7) - truth.of(7);
      sum += error;
      squares += error * error;
      below += error < -1e-4 ? 1 : 0;
      above += error > 1e-4 ? 1 : 0;
    }
    const double deviation = std::sqrt(squares / kSeeds);
    EXPECT_NEAR(sum / kSeeds, 0, 5 * deviation / std::sqrt(kSeeds)) << "depth " << depth;
    EXPECT_GT(below, kSeeds / 5);
    EXPECT_GT(above, kSeeds / 5);
  }
}

TEST(Race, IsTheMeanOfTheCellsOfCountMin) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    core::SplitMix64 random(seed);
    const SketchShape shape = random_count_sketch_shape(random);
    Race race(shape);
    CountMin count_min(shape);
    for (int step = 0; step < 10; ++step) {
      const Batch batch = random_batch(random, 96, 64);
      race.update(batch);
      count_min.update(batch);
    }
    ASSERT_TRUE(std::ranges::equal(race.cells(), count_min.cells()));
    for (std::uint32_t id = 0; id < 96; ++id) {
      double mean = 0;
      for (int row = 0; row < shape.depth; ++row) {
        const int cell = row * shape.width + race.bucket(row, id);
        mean += double{race.cells()[static_cast<std::size_t>(cell)]} / shape.depth;
      }
      ASSERT_NEAR(race.estimate(id), mean, 1e-5 * (1 + mean)) << "seed " << seed;
      ASSERT_GE(race.estimate(id), count_min.estimate(id));
    }
  }
}

TEST(Race, AddsToAnItemTheShareOfTheOthersThatMeetsIt) {
  // Each row adds 1/W of the other items' mass N − f: the mean excess over seeds is (N − f)/W.
  constexpr int kSeeds = 3000;
  core::SplitMix64 random(2);
  const Batch batch = random_batch(random, 60, 200);
  Truth truth;
  truth.update(batch);
  double excess = 0;
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    Race race({.width = 16, .depth = 4, .seed = seed});
    race.update(batch);
    excess += race.estimate(5) - truth.of(5);
  }
  const double expected = (truth.total() - truth.of(5)) / 16;
  EXPECT_NEAR(excess / kSeeds, expected, 0.06 * expected);
}

}  // namespace
}  // namespace sketchscope::sketch
