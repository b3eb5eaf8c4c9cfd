#include "engine/settings/byte_budget.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/core/error.hpp"
#include "engine/core/random.hpp"
#include "engine/decode/session.hpp"
#include "engine/schedule/record_builder.hpp"
#include "tests/support/random_knobs.hpp"
#include "tests/support/tiny_model.hpp"

namespace sketchscope::settings {
namespace {

/// The most that a lane holds by the ledger while it is fed the whole context.
std::size_t ledger_peak(const Knobs& knobs) {
  decode::Session session(support::make_tiny_model(), 1);
  const decode::LaneId lane = session.add_lane({.knobs = knobs});
  core::SplitMix64 random(9);
  std::size_t peak = 0;
  for (int position = 0; position < session.model().config().positions; ++position) {
    session.step(std::vector<decode::LaneInput>{{lane, static_cast<int>(random.below(260))}});
    const record::MemoryLedger memory = schedule::memory_of(session, session.lane(lane));
    peak = std::max(peak, memory.kv_stored + memory.statistics + memory.sketch + memory.tail);
  }
  return peak;
}

const model::ModelConfig kConfig = support::TinyModelOptions().config;

TEST(ByteBudget, IsWhatTheLedgerOfARealRunHoldsAtItsPeakUnderRandomKnobs) {
  for (std::uint64_t seed = 0; seed < 120; ++seed) {
    core::SplitMix64 random(seed);
    Knobs knobs = support::random_knobs(random);
    if (!knobs.policy->evicts || knobs.max_cache_size >= kConfig.positions) continue;
    const bool grows = knobs.policy->uses_sketch && !knobs.sketch->has_table;
    const std::size_t foretold = lane_bytes(kConfig, knobs).at(knobs.max_cache_size);
    const std::size_t held = ledger_peak(knobs);
    const bool by_content = grows && (knobs.sketch_key == sketch::SketchKey::token ||
                                      knobs.sketch_key == sketch::SketchKey::key_lsh);
    if (by_content ||
        knobs.budget != BudgetKind::equal) {  // a layer's budget may exceed the context
      EXPECT_LE(held, foretold) << support::describe(knobs);
    } else {
      EXPECT_EQ(held, foretold) << support::describe(knobs);
    }
  }
}

TEST(ByteBudget, PicksTheLargestCapacityThatFits) {
  core::SplitMix64 random(3);
  for (int trial = 0; trial < 200; ++trial) {
    Knobs knobs = support::random_knobs(random);
    if (!knobs.policy->evicts) continue;
    const LaneBytes bytes = lane_bytes(kConfig, knobs);
    const std::size_t budget = bytes.at(knobs.sinks + 1) + random.below(40 * bytes.per_slot);
    const int capacity = capacity_within(kConfig, knobs, budget);
    EXPECT_GT(capacity, knobs.sinks);
    EXPECT_LE(bytes.at(capacity), budget) << support::describe(knobs);
    EXPECT_GT(bytes.at(capacity + 1), budget) << support::describe(knobs);
  }
}

TEST(ByteBudget, MakesASketchPayForItsTable) {
  Knobs knobs;
  const LaneBytes exact = lane_bytes(kConfig, {.policy = "heavy-hitter"});
  const LaneBytes sketch = lane_bytes(kConfig, knobs);
  EXPECT_EQ(exact.fixed, 0U);
  EXPECT_GT(sketch.fixed, 2 * 4 * 512 * sizeof(float));
  const std::size_t budget = sketch.at(20);
  EXPECT_GT(capacity_within(kConfig, {.policy = "heavy-hitter"}, budget), 20);
}

TEST(ByteBudget, NeedsNoMoreThanTheContext) {
  EXPECT_EQ(capacity_within(kConfig, {.policy = "window"}, std::size_t{1} << 40), 64);
}

TEST(ByteBudget, RefusesWhatNoCapacityAboveTheSinksFits) {
  Knobs knobs;
  const std::size_t least = lane_bytes(kConfig, knobs).at(knobs.sinks + 1);
  EXPECT_EQ(capacity_within(kConfig, knobs, least), knobs.sinks + 1);
  EXPECT_THROW(capacity_within(kConfig, knobs, least - 1), core::UsageError);
  EXPECT_THROW(capacity_within(kConfig, {.policy = "full"}, 1 << 20), core::UsageError);
}

}  // namespace
}  // namespace sketchscope::settings
