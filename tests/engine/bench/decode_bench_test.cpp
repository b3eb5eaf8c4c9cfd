#include "engine/bench/decode_bench.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "engine/core/error.hpp"
#include "engine/decode/session.hpp"
#include "tests/support/tiny_model.hpp"

namespace sketchscope::bench {
namespace {

using support::make_tiny_model;

constexpr int kCapacity = 12;

settings::Knobs capped() {
  return {.policy = "sketch", .max_cache_size = kCapacity, .sinks = 2, .recent_window = 3};
}

DecodeBenchOptions options_of(std::vector<DecodeSetting> settings) {
  return {.model = make_tiny_model(),
          .lanes = {1, 3},
          .settings = std::move(settings),
          .rounds = 3,
          .threads = 2};
}

std::vector<BenchRow> run(const DecodeBenchOptions& options) {
  trace::MachineProbe machine(1);
  return bench_decode(options, machine, {}, {});
}

TEST(InventedPast, LeavesALaneAsAPromptCutToCapacityWould) {
  const auto model = make_tiny_model();
  decode::Session session(model, 1);
  core::SplitMix64 random(3);
  decode::Lane& lane = session.lane(session.add_lane({.knobs = capped(), .audit = true}));
  fill_synthetic_context(lane, model->config(), 30, random);
  EXPECT_EQ(lane.tokens().size(), 30U);
  for (const decode::LayerView& layer : lane.layers()) {
    EXPECT_EQ(layer.stored(), kCapacity);
    EXPECT_GT(layer.sketch()->total_mass(), 0);
  }
  EXPECT_NO_THROW(session.step(std::vector<decode::LaneInput>{{.lane = 0, .token = 5}}));
}

TEST(BenchDecode, MeasuresEverySettingWithEveryNumberOfLanes) {
  const settings::Knobs full{.policy = "full"};
  const auto rows = run(options_of({{.knobs = full, .context = 20},
                                    {.knobs = capped(), .context = 20, .audit = true},
                                    {.knobs = capped(), .context = 20, .twin = true}}));
  ASSERT_EQ(rows.size(), 6U);
  const char* const policies[] = {"full", "sketch + audit", "sketch + twin"};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(rows[i].policy, policies[i / 2]);
    EXPECT_EQ(rows[i].lanes, i % 2 == 0 ? 1 : 3);
    EXPECT_EQ(rows[i].what, "decode");
    EXPECT_EQ(rows[i].dtype, "f32");
    EXPECT_GT(rows[i].times.minimum(), 0);
  }
}

TEST(BenchDecode, CountsWeightsOnceAndTheCachesOfEveryLane) {
  const auto rows = run(options_of({{.knobs = capped(), .context = 20}}));
  const model::ModelConfig config = make_tiny_model()->config();
  // Two norms per layer and a last one, biases, and the five matrices with the head.
  const double width = config.width;
  const double inner = config.inner_width;
  const double per_layer = 4 * width + 3 * width + width + inner + width;
  const double numbers = multiply_adds_per_row(config) + config.layers * per_layer + 2 * width;
  // The vocabulary of 260 fills 17 panels of 16 outputs, in which matrices lie.
  const double padding = (17.0 * 16 - config.vocabulary) * width;
  const double cache = 2.0 * config.layers * kCapacity * width;
  EXPECT_DOUBLE_EQ(rows[0].bytes, 4 * (numbers + padding + cache));
  EXPECT_DOUBLE_EQ(rows[1].bytes, 4 * (numbers + padding + 3 * cache));
  EXPECT_DOUBLE_EQ(rows[1].operations, 3 * rows[0].operations);
}

TEST(BenchDecode, RefusesAContextThatLeavesNoRoomForTheRounds) {
  EXPECT_THROW(run(options_of({{.knobs = capped(), .context = 60}})), core::UsageError);
}

TEST(BenchDecode, TakesStepsApartByOperation) {
  DecodeBenchOptions options = options_of({{.knobs = capped(), .context = 20, .audit = true}});
  options.by_operation = true;
  options.what = "step";
  const auto rows = run(options);
  const auto model = make_tiny_model();
  const model::ModelConfig& config = model->config();
  for (const int lanes : options.lanes) {
    const auto found = std::ranges::find_if(rows, [&](const BenchRow& row) {
      return row.what == "step: up projection" && row.lanes == lanes;
    });
    ASSERT_NE(found, rows.end());
    EXPECT_EQ(found->operations, 2.0 * lanes * config.layers * config.width * config.inner_width);
  }
  EXPECT_TRUE(std::ranges::any_of(
      rows, [](const BenchRow& row) { return row.what == "step: update: statistics"; }));
  for (std::size_t i = 1; i < rows.size(); ++i) {
    if (rows[i].lanes != rows[i - 1].lanes) continue;
    EXPECT_LE(rows[i].times.median(), rows[i - 1].times.median()) << "the longest first";
  }
}

}  // namespace
}  // namespace sketchscope::bench
