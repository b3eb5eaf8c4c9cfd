// The guarantees of the literature for every registered sketch: bounds and decay.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "engine/sketch/sketch.hpp"
#include "tests/engine/sketch/random_stream.hpp"

namespace sketchscope::sketch {
namespace {

class EverySketchGuarantee : public ::testing::TestWithParam<SketchKind> {};

std::vector<Batch> stream_of(core::SplitMix64& random, int batches, std::uint32_t ids) {
  std::vector<Batch> stream;
  for (int step = 0; step < batches; ++step) stream.push_back(random_batch(random, ids, 60));
  return stream;
}

TEST_P(EverySketchGuarantee, LeavesItsBoundNoMoreOftenThanItSays) {
  // Ids of one table are wrong together, so it is the tables that are independent draws.
  constexpr int kTables = 300;
  constexpr std::uint32_t kIds = 400;
  for (const int depth : {1, 2, 3, 4}) {
    double failed = 0;
    double promised = 0;
    for (std::uint64_t seed = 0; seed < kTables; ++seed) {
      core::SplitMix64 random(seed + 1000);
      const auto sketch = GetParam().make({.width = 32, .depth = depth, .seed = seed});
      Truth truth;
      for (const Batch& batch : stream_of(random, 20, kIds / 2)) {
        sketch->update(batch);
        truth.update(batch);
      }
      const ErrorBound bound = sketch->error_bound();
      promised = bound.failure;
      for (std::uint32_t id = 0; id < kIds; ++id) {  // half of them were never counted
        const double error = sketch->estimate(id) - truth.of(id);
        const double rounding = 1e-5 * (1 + truth.of(id));
        failed += error > bound.above + rounding || -error > bound.below + rounding ? 1 : 0;
      }
    }
    const double margin = 4 * std::sqrt(promised * (1 - promised) / kTables);
    EXPECT_LE(failed / (kTables * double{kIds}), promised + margin) << "depth " << depth;
  }
}

TEST_P(EverySketchGuarantee, HoldsTheTruthBetweenLowerAndUpperAsOften) {
  core::SplitMix64 random(2);
  const auto sketch = GetParam().make({.width = 64, .depth = 4});
  Truth truth;
  for (const Batch& batch : stream_of(random, 30, 200)) {
    sketch->update(batch);
    truth.update(batch);
  }
  int outside = 0;
  for (std::uint32_t id = 0; id < 300; ++id) {
    const double estimate = sketch->estimate(id);
    const double lowest = std::max(0.0, estimate - sketch->error_bound().above);
    const double highest = std::max(0.0, estimate + sketch->error_bound().below);
    const double rounding = 1e-4 * (1 + truth.of(id));
    const bool inside = lowest <= truth.of(id) + rounding && truth.of(id) - rounding <= highest;
    outside += inside ? 0 : 1;
  }
  EXPECT_LE(outside / 300.0, sketch->error_bound().failure);
}

TEST_P(EverySketchGuarantee, DecaysAsIfOldMassesHadBeenSmaller) {
  // Halves are exact in float, so scaling the table and scaling the stream are the same numbers.
  core::SplitMix64 random(4);
  const auto stream = stream_of(random, 12, 90);
  const auto decayed = GetParam().make({.width = 24, .depth = 3});
  for (const Batch& batch : stream) {
    decayed->scale(0.5F);
    decayed->update(batch);
  }
  const auto rebuilt = GetParam().make({.width = 24, .depth = 3});
  for (std::size_t step = 0; step < stream.size(); ++step) {
    Batch batch = stream[step];
    for (kernels::SketchItem& item : batch) {
      item.mass =
          std::ldexp(item.mass, static_cast<int>(step) - static_cast<int>(stream.size()) + 1);
    }
    rebuilt->update(batch);
  }
  for (std::uint32_t id = 0; id < 120; ++id) {
    const double expected = rebuilt->estimate(id);
    EXPECT_NEAR(decayed->estimate(id), expected, 1e-5 * (1 + std::abs(expected)));
  }
  EXPECT_NEAR(decayed->total_mass(), rebuilt->total_mass(), 1e-6);
}

INSTANTIATE_TEST_SUITE_P(Registered, EverySketchGuarantee,
                         ::testing::ValuesIn(sketch_kinds().begin(), sketch_kinds().end()),
                         [](const auto& kind) {
                           std::string name(kind.param.name);
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

}  // namespace
}  // namespace sketchscope::sketch
