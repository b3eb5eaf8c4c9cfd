// The rules of the cache held against a second, independent implementation.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "engine/core/random.hpp"
#include "engine/session/session.hpp"
#include "tests/support/reference_run.hpp"
#include "tests/support/tiny_model.hpp"

namespace sketchscope {
namespace {

using testing::make_tiny_checkpoint;
using testing::make_tiny_model;
using testing::ReferenceRun;
using testing::TinyModelOptions;

std::vector<int> random_tokens(std::uint64_t seed, int count, int vocabulary) {
  SplitMix64 random(seed);
  std::vector<int> tokens;
  for (int i = 0; i < count; ++i) {
    tokens.push_back(static_cast<int>(random.below(static_cast<std::uint64_t>(vocabulary))));
  }
  return tokens;
}

struct RuleCase {
  std::string name;
  Knobs knobs;
};

std::vector<RuleCase> rule_cases() {
  const auto with = [](const std::string& policy, int capacity, auto change) {
    Knobs knobs;
    knobs.policy = policy;
    knobs.max_cache_size = capacity;
    knobs.recent_window = 4;
    knobs.sinks = 2;
    change(knobs);
    return knobs;
  };
  const auto same = [](Knobs&) {};
  return {
      {"Full", with("full", 8, same)},
      {"Window", with("window", 12, same)},
      {"HeavyHitter", with("heavy-hitter", 12, same)},
      {"HeavyHitterWithDecay", with("heavy-hitter", 12, [](Knobs& k) { k.decay = 0.9; })},
      {"SketchConservative", with("sketch", 12, [](Knobs& k) { k.sketch_width = 16; })},
      {"SketchConservativeNarrow", with("sketch", 16,
                                        [](Knobs& k) {
                                          k.sketch_width = 5;
                                          k.sketch_depth = 2;
                                          k.sketch_seed = 7;
                                        })},
      {"SketchCountMin", with("sketch", 12,
                              [](Knobs& k) {
                                k.sketch = "count-min";
                                k.sketch_width = 16;
                                k.sketch_depth = 3;
                              })},
      {"SketchCountMinWithDecay", with("sketch", 12,
                                       [](Knobs& k) {
                                         k.sketch = "count-min";
                                         k.sketch_width = 31;
                                         k.decay = 0.95;
                                       })},
      {"NoRecentWindow", with("heavy-hitter", 9, [](Knobs& k) { k.recent_window = 0; })},
      {"EverythingProtected", with("heavy-hitter", 6, [](Knobs& k) { k.recent_window = 20; })},
      {"NoSinks", with("heavy-hitter", 6, [](Knobs& k) { k.sinks = 0; })},
  };
}

class EveryRule : public ::testing::TestWithParam<RuleCase> {};

TEST_P(EveryRule, GivesTheSameVictimsLogitsAndRetainedMassAsAnIndependentImplementation) {
  const TinyModelOptions options;
  const Checkpoint checkpoint = make_tiny_checkpoint(options);
  ReferenceRun reference(options.config, checkpoint, GetParam().knobs);
  Session session(make_tiny_model(options), 1);
  const LaneId lane = session.add_lane({.knobs = GetParam().knobs, .audit = true});

  std::vector<ReferenceRun::Eviction> evictions;
  const auto expect_same = [&](const std::vector<double>& expected) {
    for (const EvictionRecord& eviction : session.lane(lane).take_evictions()) {
      evictions.push_back({eviction.layer, eviction.position, eviction.degenerate});
    }
    ASSERT_EQ(evictions, reference.evictions());
    const std::span<const float> logits = session.lane(lane).logits();
    for (std::size_t v = 0; v < logits.size(); ++v) ASSERT_NEAR(logits[v], expected[v], 2e-3);
  };
  for (const int token : random_tokens(3, options.config.positions, options.config.vocabulary)) {
    const std::vector<double> expected = reference.feed(token);
    session.step(std::vector<LaneInput>{{.lane = lane, .token = token}});
    expect_same(expected);
    for (int layer = 0; layer < options.config.layers; ++layer) {
      const LayerCache& cache = session.lane(lane).layers()[static_cast<std::size_t>(layer)];
      const HeadGroup& group = cache.groups.front();
      std::vector<int> stored(group.table.positions().begin(), group.table.positions().end());
      std::ranges::sort(stored);
      ASSERT_EQ(stored, reference.stored(layer));
      ASSERT_NEAR(group.divergence.retained_mass(), reference.retained_mass(layer), 1e-5);
    }
  }
  EXPECT_EQ(evictions.empty(), GetParam().knobs.policy == "full");
}

TEST_P(EveryRule, GivesTheSameVictimsAfterAPromptInOnePass) {
  const TinyModelOptions options;
  const Checkpoint checkpoint = make_tiny_checkpoint(options);
  const std::vector<int> tokens =
      random_tokens(5, options.config.positions, options.config.vocabulary);
  for (const std::size_t length : {2U, 11U, 40U}) {
    ReferenceRun reference(options.config, checkpoint, GetParam().knobs);
    Session session(make_tiny_model(options), 2);
    const LaneId lane = session.add_lane({.knobs = GetParam().knobs, .audit = true});
    const std::vector<int> prompt(tokens.begin(), tokens.begin() + static_cast<int>(length));
    std::vector<double> expected = reference.prefill(prompt);
    session.prefill(lane, prompt);
    std::vector<std::pair<int, int>> victims;
    std::vector<std::pair<int, int>> expected_victims;
    for (std::size_t i = length;; ++i) {
      for (const EvictionRecord& eviction : session.lane(lane).take_evictions()) {
        victims.emplace_back(eviction.layer, eviction.position);
      }
      expected_victims.clear();
      for (const auto& eviction : reference.evictions()) {
        expected_victims.emplace_back(eviction.layer, eviction.position);
      }
      ASSERT_EQ(victims, expected_victims) << "prompt of " << length << ", token " << i;
      const std::span<const float> logits = session.lane(lane).logits();
      for (std::size_t v = 0; v < logits.size(); ++v) ASSERT_NEAR(logits[v], expected[v], 2e-3);
      if (i == tokens.size()) break;
      expected = reference.feed(tokens[i]);
      session.step(std::vector<LaneInput>{{.lane = lane, .token = tokens[i]}});
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Rules, EveryRule, ::testing::ValuesIn(rule_cases()),
                         [](const auto& parameter) { return parameter.param.name; });

}  // namespace
}  // namespace sketchscope
