// Invariants of the masses counted by sketches and audits in real runs.
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "engine/core/random.hpp"
#include "engine/decode/session.hpp"
#include "engine/run/live_state.hpp"
#include "engine/schedule/record_builder.hpp"
#include "tests/support/tiny_model.hpp"

namespace sketchscope::decode {
namespace {

struct Counting {
  settings::Granularity granularity;
  sketch::SketchKey key;
};

class EveryCounting : public ::testing::TestWithParam<Counting> {
 protected:
  [[nodiscard]] static settings::Knobs knobs() {
    settings::Knobs knobs{.max_cache_size = 16, .sinks = 2, .recent_window = 4};
    knobs.granularity = GetParam().granularity;
    knobs.sketch_key = GetParam().key;
    return knobs;
  }
};

// A row of softmax sums to 1, so every head adds 1 a step whatever was evicted.
TEST_P(EveryCounting, CountsOneUnitOfMassAHeadAndStep) {
  Session session(support::make_tiny_model(), 1);
  const LaneId lane = session.add_lane({.knobs = knobs()});
  const int heads = session.model().config().heads;
  core::SplitMix64 random(1);
  for (int step = 1; step <= 60; ++step) {
    session.step(
        std::vector<LaneInput>{{.lane = lane, .token = static_cast<int>(random.below(260))}});
    for (const LayerView& layer : session.lane(lane).layers()) {
      ASSERT_NEAR(layer.sketch()->total_mass(), heads * step, 1e-4 * step);
    }
  }
}

TEST_P(EveryCounting, SumsRegretToTheMassThatWasLost) {
  Session session(support::make_tiny_model(), 1);
  const LaneId id = session.add_lane({.knobs = knobs(), .audit = true});
  const Lane& lane = session.lane(id);
  const auto heads = static_cast<double>(session.model().config().heads);
  std::vector<double> lost(lane.layers().size());
  core::SplitMix64 random(2);
  for (int step = 1; step <= 60; ++step) {
    session.step(
        std::vector<LaneInput>{{.lane = id, .token = static_cast<int>(random.below(260))}});
    const std::vector<record::LayerRecord> records = schedule::describe_layers(lane);
    const std::vector<run::LayerState> states = run::layer_states(lane);
    for (std::size_t layer = 0; layer < records.size(); ++layer) {
      lost[layer] += heads * records[layer].attention_tv.value();
      double by_position = 0;
      for (const run::TableState& table : states[layer].tables) {
        by_position += std::accumulate(table.regret.begin(), table.regret.end(), 0.0);
      }
      ASSERT_NEAR(records[layer].regret.value(), lost[layer], 1e-6 * (1 + lost[layer]));
      ASSERT_NEAR(by_position, lost[layer], 1e-4 * (1 + lost[layer]));
    }
  }
  EXPECT_GT(lost.front(), 0);
}

std::vector<Counting> every_counting() {
  std::vector<Counting> all;
  for (const auto& [granularity, name] : core::enum_names<settings::Granularity>) {
    for (const auto& [key, of_key] : core::enum_names<sketch::SketchKey>)
      all.push_back({granularity, key});
  }
  return all;
}

INSTANTIATE_TEST_SUITE_P(Runs, EveryCounting, ::testing::ValuesIn(every_counting()),
                         [](const auto& parameter) {
                           std::string name = core::name_of(parameter.param.granularity) + "_" +
                                              core::name_of(parameter.param.key);
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

}  // namespace
}  // namespace sketchscope::decode
