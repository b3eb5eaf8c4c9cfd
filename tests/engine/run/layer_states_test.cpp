// Holds the published layer states to values read from the lane one by one.
#include "engine/run/live_state.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <span>

#include "engine/run/watched_run.hpp"
#include "tests/support/random_knobs.hpp"
#include "tests/support/tiny_model.hpp"

namespace sketchscope::run {
namespace {

WatchedRun run_with(core::SplitMix64& random, settings::Knobs knobs) {
  std::vector<int> prompt(1 + random.below(20));
  for (int& token : prompt) token = static_cast<int>(random.below(12));  // some come again
  return {support::make_tiny_model(),
          {.knobs = std::move(knobs),
           .prompt = std::move(prompt),
           .twin = true,
           .audit = true,
           .keep_attention = true}};
}

settings::Knobs sketching_knobs(core::SplitMix64& random, const char* key) {
  settings::Knobs knobs = support::random_knobs(random);
  settings::set_knob(knobs, "policy", "sketch");
  settings::set_knob(knobs, "sketch_key", key);
  return knobs;
}

/// The code of the key at each position, unknown where it was evicted.
std::vector<std::uint32_t> codes_of(const decode::TableView& table, std::size_t positions) {
  std::vector<std::uint32_t> codes(positions, sketch::ItemMap::kUnknownCode);
  const std::span<const std::uint32_t> of_slots = table.items().codes;
  for (std::size_t slot = 0; slot < of_slots.size(); ++slot) {
    codes[static_cast<std::size_t>(table.positions()[slot])] = of_slots[slot];
  }
  return codes;
}

/// The items of one position in a table; empty where they are no longer known.
std::vector<std::uint32_t> items_at(const decode::Lane& lane, const decode::TableView& table,
                                    std::size_t position) {
  const std::vector<std::uint32_t> codes = codes_of(table, lane.tokens().size());
  const int here = static_cast<int>(position);
  sketch::ItemMap items = table.items();
  items.positions = {&here, 1};
  items.tokens = lane.tokens().subspan(position, 1);
  items.codes = std::span(codes).subspan(position, 1);
  std::vector<std::uint32_t> ids;
  if (items.known(0)) items.add_ids(ids);
  return ids;
}

TEST(LayerStates, EstimateEveryPositionAsTheSketchDoesOneByOneAndCountItsItems) {
  int unknown = 0;
  for (const char* key : {"position", "head-position", "token", "key-lsh"}) {
    for (std::uint64_t seed = 0; seed < 12; ++seed) {
      core::SplitMix64 random(seed);
      WatchedRun run = run_with(random, sketching_knobs(random, key));
      while (run.steps() < 25) run.step();
      const decode::Lane& lane = run.lane();
      const std::vector<LayerState> states = layer_states(lane);
      for (std::size_t layer = 0; layer < states.size(); ++layer) {
        const decode::LayerView view = lane.layer(static_cast<int>(layer));
        std::set<std::uint32_t> counted;
        for (int table = 0; table < view.table_count(); ++table) {
          const auto& estimates = states[layer].tables[static_cast<std::size_t>(table)].estimates;
          ASSERT_EQ(estimates.size(), lane.tokens().size());
          for (std::size_t position = 0; position < estimates.size(); ++position) {
            const auto ids = items_at(lane, view.table(table), position);
            counted.insert(ids.begin(), ids.end());
            float sum = 0;
            for (const std::uint32_t id : ids) sum += view.sketch()->estimate(id);
            ASSERT_EQ(std::isnan(estimates[position]), ids.empty()) << key << " seed " << seed;
            if (ids.empty()) {
              ++unknown;
              continue;
            }
            ASSERT_EQ(estimates[position], sum) << key << " seed " << seed;
          }
        }
        const bool array = std::string_view(key).ends_with("position");
        ASSERT_EQ(states[layer].exact_bytes, counted.size() * (array ? 4U : 8U))
            << key << " seed " << seed;
      }
    }
  }
  EXPECT_GT(unknown, 0) << "no key was ever forgotten";
}

TEST(SketchStates, AreThePartOfTheLayerStatesThatTellsOfSketches) {
  for (const char* key : {"position", "head-position", "token", "key-lsh"}) {
    for (std::uint64_t seed = 0; seed < 12; ++seed) {
      core::SplitMix64 random(seed);
      WatchedRun run = run_with(random, sketching_knobs(random, key));
      while (run.steps() < 25) run.step();
      const std::vector<LayerState> all = layer_states(run.lane(), run.twin());
      const std::vector<LayerState> sketches = sketch_states(run.lane());
      ASSERT_EQ(sketches.size(), all.size());
      for (std::size_t layer = 0; layer < all.size(); ++layer) {
        const LayerState &one = sketches[layer], &whole = all[layer];
        ASSERT_EQ(one.cells, whole.cells) << key << " seed " << seed;
        ASSERT_EQ(one.total_mass, whole.total_mass);
        ASSERT_EQ(one.sketch_bytes, whole.sketch_bytes);
        ASSERT_EQ(one.exact_bytes, whole.exact_bytes);
        ASSERT_EQ(one.approximate, whole.approximate);
        ASSERT_TRUE(one.attention.empty());
        ASSERT_EQ(one.tables.size(), whole.tables.size());
        for (std::size_t table = 0; table < one.tables.size(); ++table) {
          ASSERT_EQ(one.tables[table].codes, whole.tables[table].codes);
          ASSERT_EQ(one.tables[table].exact_mass, whole.tables[table].exact_mass);
          ASSERT_TRUE(one.tables[table].estimates.empty());
          ASSERT_TRUE(one.tables[table].scores.empty());
        }
      }
    }
  }
}

std::size_t attended_heads(const decode::LayerView& view) {
  const sketch::HeadRange last = view.table(view.table_count() - 1).query_heads();
  return static_cast<std::size_t>(last.first + last.count);
}

/// Compares attention by head and position with what the layer's tables were attended to. Returns
/// in how many heads a position is missing.
int compare_attention(const decode::LayerView& view, std::span<const float> attention,
                      std::size_t positions) {
  int missing = 0;
  std::span<const float> mass = view.attended().mass;
  std::span<const int> slots = view.attended().positions;
  for (int table = 0; table < view.table_count(); ++table) {
    const auto stored =
        static_cast<std::size_t>(view.attended().stored[static_cast<std::size_t>(table)]);
    for (int head = 0; head < view.table(table).query_heads().count; ++head) {
      const std::span<const float> row = attention.first(positions);
      const auto unknown = std::ranges::count_if(row, [](float of) { return std::isnan(of); });
      EXPECT_EQ(static_cast<std::size_t>(unknown), positions - stored);
      missing += unknown > 0 ? 1 : 0;
      for (std::size_t slot = 0; slot < stored; ++slot) {
        EXPECT_EQ(row[static_cast<std::size_t>(slots[slot])], mass[slot]);
      }
      attention = attention.subspan(positions);
      mass = mass.subspan(stored);
    }
    slots = slots.subspan(stored);
  }
  return missing;
}

TEST(LayerStates, HaveTheAttentionOfEachHeadByPositionAndOfTheTwinWhole) {
  int missing = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    core::SplitMix64 random(seed);
    WatchedRun run = run_with(random, support::random_knobs(random));
    while (run.steps() < 25) run.step();
    const std::vector<LayerState> states = layer_states(run.lane(), run.twin());
    const std::size_t positions = run.lane().tokens().size();
    for (std::size_t layer = 0; layer < states.size(); ++layer) {
      const decode::LayerView view = run.lane().layer(static_cast<int>(layer));
      ASSERT_EQ(attended_heads(view) * positions, states[layer].attention.size());
      ASSERT_EQ(states[layer].twin_attention.size(), states[layer].attention.size());
      missing += compare_attention(view, states[layer].attention, positions);
      for (const float mass : states[layer].twin_attention) ASSERT_FALSE(std::isnan(mass));
    }
  }
  EXPECT_GT(missing, 0) << "nothing was ever evicted";
}

TEST(LayerStates, ThereAreNoPositionsBeforeTheFirstStep) {
  core::SplitMix64 random(1);
  const WatchedRun run = run_with(random, sketching_knobs(random, "key-lsh"));
  for (const LayerState& state : layer_states(run.lane(), run.twin())) {
    for (const TableState& table : state.tables) EXPECT_TRUE(table.estimates.empty());
    EXPECT_TRUE(state.attention.empty());
    EXPECT_EQ(state.exact_bytes, 0U);
  }
}

}  // namespace
}  // namespace sketchscope::run
