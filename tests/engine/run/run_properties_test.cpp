// Invariants after every step of any run with random knob changes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "engine/run/live_state.hpp"
#include "engine/run/watched_run.hpp"
#include "tests/support/random_knobs.hpp"
#include "tests/support/tiny_model.hpp"

namespace sketchscope::run {
namespace {

constexpr int kRuns = 60;

std::vector<int> prompt_of(core::SplitMix64& random) {
  std::vector<int> prompt(1 + random.below(40));
  for (int& token : prompt) token = static_cast<int>(random.below(260));
  return prompt;
}

/// A run whose knobs are turned at random between steps.
class TurnedRun {
 public:
  explicit TurnedRun(std::uint64_t seed, int keyframe_interval = 0)
      : random_(seed),
        run_(support::make_tiny_model(), {.knobs = support::random_knobs(random_),
                                          .prompt = prompt_of(random_),
                                          .twin = random_.below(2) == 0,
                                          .audit = true,
                                          .threads = 1,
                                          .keyframe_interval = keyframe_interval}) {}

  record::StepRecord step() {
    if (random_.below(3) == 0) {
      wanted_ = support::with_one_change(run_.lane().knobs(), random_);
      run_.set_knobs(*wanted_);
    }
    return run_.step();
  }

  [[nodiscard]] bool done() const { return run_.at_context_end(); }
  WatchedRun& run() { return run_; }

 private:
  core::SplitMix64 random_;
  std::optional<settings::Knobs> wanted_;
  WatchedRun run_;
};

TEST(AnyRun, NeverExceedsABudgetAndSharesOutTheSameSlotsAtEveryMoment) {
  for (std::uint64_t seed = 0; seed < kRuns; ++seed) {
    TurnedRun turned(seed);
    while (!turned.done()) {
      turned.step();
      const settings::Knobs& knobs = turned.run().lane().knobs();
      if (!knobs.policy->evicts) continue;
      int shared_out = 0;
      int layer = 0;
      for (const decode::LayerView& view : turned.run().lane().layers()) {
        const int capacity = view.capacity().value();
        ++layer;
        shared_out += capacity;
        ASSERT_GT(capacity, knobs.sinks);
        ASSERT_TRUE(knobs.budget != settings::BudgetKind::equal ||
                    capacity == knobs.max_cache_size);
        const int share = knobs.budget == settings::BudgetKind::heads ? view.table_count() : 1;
        int stored = 0;
        for (const decode::TableView& table : view.tables()) {
          ASSERT_LE(table.stored(), share * capacity)
              << "seed " << seed << " " << support::describe(knobs);
          stored += table.stored();
        }
        ASSERT_LE(stored, view.table_count() * capacity) << "seed " << seed;
      }
      ASSERT_EQ(shared_out, layer * knobs.max_cache_size) << "seed " << seed;
    }
  }
}

TEST(AnyRun, EvictsForAMovedBudgetOnlyWhereBudgetsMoved) {
  int moved = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    core::SplitMix64 random(seed);
    support::TinyModelOptions model{.seed = seed};
    model.config.scale_attention_by_layer = true;  // deeper layers attend more broadly
    model.config.layers = 4;
    settings::Knobs knobs{
        .policy = "heavy-hitter", .max_cache_size = 20, .budget = settings::BudgetKind::adaptive};
    knobs.sinks = 1;
    knobs.recent_window = 2;
    knobs.prefill = settings::Prefill::stream;
    WatchedRun run(support::make_tiny_model(model), {.knobs = knobs, .prompt = prompt_of(random)});
    std::vector<int> before(4, knobs.max_cache_size);
    while (!run.at_context_end()) {
      const record::StepRecord record = run.step();
      for (const record::EvictionRecord& eviction : record.evictions) {
        if (eviction.reason != record::EvictionReason::budget_moved) continue;
        ++moved;
        ASSERT_EQ((record.position + 1) % 16, 0);
        ASSERT_LT(run.lane().layer(eviction.layer).capacity().value(),
                  before[static_cast<std::size_t>(eviction.layer)]);
      }
      for (int layer = 0; layer < 4; ++layer) {
        before[static_cast<std::size_t>(layer)] = run.lane().layer(layer).capacity().value();
        ASSERT_EQ(record.layers[static_cast<std::size_t>(layer)].capacity,
                  run.lane().layer(layer).capacity());
      }
    }
  }
  EXPECT_GT(moved, 0) << "no budget ever moved";
}

TEST(AnyRun, RecordsAReasonForEveryPositionThatLeft) {
  for (std::uint64_t seed = 0; seed < kRuns; ++seed) {
    TurnedRun turned(seed);
    std::map<std::pair<int, int>, std::set<int>> stored;  // by layer and head
    while (!turned.done()) {
      const record::StepRecord record = turned.step();
      int layer = 0;
      for (const decode::LayerView& view : turned.run().lane().layers()) {
        for (const decode::TableView& table : view.tables()) {
          const int head = table.kv_heads().first;
          std::set<int> expected = stored[{layer, head}];
          const auto fed = static_cast<int>(record.tokens.size());
          for (int i = 0; i < fed; ++i) expected.insert(record.position - i);
          for (const record::EvictionRecord& eviction : record.evictions) {
            ASSERT_EQ(eviction.head.has_value(), view.table_count() > 1);
            if (eviction.layer != layer || eviction.head.value_or(0) != head) continue;
            ASSERT_EQ(expected.erase(eviction.position), 1U) << "seed " << seed;
          }
          const auto positions = table.positions();
          const std::set<int> now(positions.begin(), positions.end());
          ASSERT_EQ(now.size(), positions.size()) << "a position lies in two slots";
          ASSERT_EQ(now, expected) << "seed " << seed << " step " << record.step;
          stored[{layer, head}] = now;
        }
        ++layer;
      }
    }
  }
}

TEST(AnyRun, EvictsProtectedPositionsOnlyWhereItSaysDegenerate) {
  int degenerate = 0;
  for (std::uint64_t seed = 0; seed < kRuns; ++seed) {
    TurnedRun turned(seed);
    while (!turned.done()) {
      const record::StepRecord record = turned.step();
      const settings::Knobs& knobs = turned.run().lane().knobs();
      for (const record::EvictionRecord& eviction : record.evictions) {
        degenerate += eviction.degenerate ? 1 : 0;
        if (eviction.degenerate) continue;
        ASSERT_GE(eviction.position, knobs.sinks) << "seed " << seed;
        if (eviction.reason != record::EvictionReason::capacity) continue;
        const decode::TableView stored =
            turned.run().lane().layer(eviction.layer).table(eviction.head.value_or(0));
        const auto newer = std::ranges::count_if(
            stored.positions(), [&](int position) { return position > eviction.position; });
        ASSERT_GE(newer, std::max(knobs.recent_window, 1)) << "seed " << seed;
      }
    }
  }
  EXPECT_GT(degenerate, 0) << "the test never met a table that protects everything";
}

TEST(AnyRun, StoresTheIncomingTokenInEveryLayer) {
  for (std::uint64_t seed = 0; seed < kRuns; ++seed) {
    TurnedRun turned(seed);
    while (!turned.done()) {
      const record::StepRecord record = turned.step();
      if (record.tokens.size() > 1) continue;
      for (const decode::LayerView& view : turned.run().lane().layers()) {
        for (const decode::TableView& table : view.tables()) {
          ASSERT_THAT(table.positions(), ::testing::Contains(record.position));
        }
      }
    }
  }
}

TEST(AnyRun, ReplaysFromAnyKeyframeExactlyAsItWent) {
  for (std::uint64_t seed = 0; seed < kRuns / 3; ++seed) {
    core::SplitMix64 random(seed + 1000);
    TurnedRun turned(seed, 1 + static_cast<int>(random.below(9)));
    std::vector<record::StepRecord> records;
    while (!turned.done()) records.push_back(turned.step());
    std::vector<float> final_logits(turned.run().lane().logits().begin(),
                                    turned.run().lane().logits().end());
    const auto history = turned.run().knob_history();

    const auto back = static_cast<std::int64_t>(random.below(records.size()));
    turned.run().rewind(back);
    ASSERT_EQ(turned.run().steps(), back);
    for (auto i = static_cast<std::size_t>(back); i < records.size(); ++i) {
      if (const auto set = history.find(static_cast<std::int64_t>(i)); set != history.end()) {
        turned.run().set_knobs(set->second);
      }
      const record::StepRecord again = turned.run().step();
      ASSERT_EQ(again.tokens, records[i].tokens) << "seed " << seed << " step " << i;
      ASSERT_EQ(again.entropy, records[i].entropy);
      ASSERT_EQ(again.logit_kl, records[i].logit_kl);
      ASSERT_EQ(again.token_probability, records[i].token_probability);
      ASSERT_EQ(again.evictions.size(), records[i].evictions.size());
      for (std::size_t e = 0; e < again.evictions.size(); ++e) {
        ASSERT_EQ(again.evictions[e].position, records[i].evictions[e].position);
        ASSERT_EQ(again.evictions[e].score, records[i].evictions[e].score);
        ASSERT_EQ(again.evictions[e].exact_score, records[i].evictions[e].exact_score);
      }
      ASSERT_EQ(again.memory.kv_stored, records[i].memory.kv_stored);
      ASSERT_EQ(again.memory.tail, records[i].memory.tail);
      for (std::size_t layer = 0; layer < again.layers.size(); ++layer) {
        ASSERT_EQ(again.layers[layer].output_error, records[i].layers[layer].output_error);
      }
    }
    const auto logits = turned.run().lane().logits();
    EXPECT_TRUE(std::ranges::equal(logits, final_logits)) << "seed " << seed;
  }
}

TEST(AnyRun, NeverEstimatesLessThanTheExactMassWhileItsTableIsNotApproximate) {
  for (const std::string kind : {"count-min", "count-min-conservative"}) {
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      core::SplitMix64 random(seed);
      settings::Knobs knobs;
      knobs.sketch = kind;
      knobs.sketch_width = 1 + static_cast<int>(random.below(40));
      knobs.sketch_depth = 1 + static_cast<int>(random.below(5));
      knobs.max_cache_size = 16;
      knobs.recent_window = 4;
      WatchedRun run(support::make_tiny_model(),
                     {.knobs = knobs, .prompt = prompt_of(random), .audit = true});
      while (!run.at_context_end()) {
        run.step();
        for (const LayerState& state : layer_states(run.lane())) {
          const TableState& table = state.tables.front();
          for (std::size_t p = 0; p < table.estimates.size(); ++p) {
            ASSERT_GE(table.estimates[p], table.exact_mass[p]) << kind << " seed " << seed;
          }
        }
      }
    }
  }
}

}  // namespace
}  // namespace sketchscope::run
