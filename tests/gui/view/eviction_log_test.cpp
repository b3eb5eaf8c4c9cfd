#include "gui/view/eviction_log.hpp"

#include <gmock/gmock.h>

#include <cmath>

#include "gui/view/knobs_at.hpp"
#include "gui/view/memory_stack.hpp"
#include "gui/view/next_token.hpp"
#include "gui/view/why_evicted.hpp"
#include "tests/support/invented_run.hpp"

namespace sketchscope {
namespace {

using test::InventedRun;
using ::testing::HasSubstr;
using ::testing::SizeIs;

class EvictionLog : public ::testing::Test {
 protected:
  EvictionLog() {
    for (int step = 0; step < 160; ++step) history_.append(run_.step());
  }
  InventedRun run_{{.layers = 3}};
  History history_;
  TokenText text_;
};

TEST_F(EvictionLog, ListsTheNewestFirst) {
  const auto places = newest_evictions(history_, {}, 0, 1000);
  ASSERT_THAT(places, SizeIs(history_.eviction_places().size()));
  EXPECT_EQ(places.front(), history_.eviction_places().back());
  EXPECT_EQ(places.back(), history_.eviction_places().front());
}

TEST_F(EvictionLog, FiltersByLayerAndStepAndPages) {
  const EvictionFilter filter{.up_to_step = 130, .layer = 1};
  const auto all = newest_evictions(history_, filter, 0, 1000);
  EXPECT_EQ(all.size(), count_evictions(history_, filter));
  ASSERT_GT(all.size(), 5U);
  for (const EvictionPlace place : all) {
    EXPECT_LE(place.step, 130);
    EXPECT_EQ(history_.eviction(place)->layer, 1);
  }
  const auto page = newest_evictions(history_, filter, 2, 3);
  EXPECT_EQ(page, std::vector(all.begin() + 2, all.begin() + 5));
}

TEST_F(EvictionLog, TakesTheRegretFromTheLatestState) {
  const LiveState state = run_.state();
  const EvictionPlace place = history_.eviction_places().front();
  const EvictionRow row = eviction_row(history_, place, &state, text_);
  EXPECT_FLOAT_EQ(static_cast<float>(row.regret),
                  state.layers[static_cast<std::size_t>(row.layer)]
                      .tables.front()
                      .regret[static_cast<std::size_t>(row.position)]);
  EXPECT_GT(row.regret, 0);
  EXPECT_TRUE(std::isnan(eviction_row(history_, place, nullptr, text_).regret));
  EXPECT_EQ(row.reason, "capacity");
}

TEST_F(EvictionLog, TracesTheScoresAtWhichPositionsLeftALayer) {
  VictimTrace trace;
  trace.update(history_, 2);
  EXPECT_THAT(trace.scores(), SizeIs(count_evictions(history_, {.layer = 2})));
  EXPECT_TRUE(std::ranges::is_sorted(trace.steps()));
}

TEST(VictimTrace, HasAGapWhereNothingWasEvicted) {
  InventedRun run({.layers = 1, .prompt_tokens = 128});
  History history;
  const auto advance = [&](int steps) {
    for (int step = 0; step < steps; ++step) history.append(run.step());
  };
  advance(10);
  run.set("max_cache_size", "160");
  advance(50);
  VictimTrace trace;
  trace.update(history, 0);
  const auto gaps =
      std::ranges::count_if(trace.scores(), [](double score) { return std::isnan(score); });
  EXPECT_EQ(gaps, 1);
  EXPECT_TRUE(std::ranges::is_sorted(trace.steps()));
}

TEST(VictimTrace, ReadStepByStepIsThatOfTheWholeRun) {
  InventedRun run({.layers = 2, .prompt_tokens = 100});
  History history;
  VictimTrace followed;
  for (int step = 0; step < 90; ++step) {
    history.append(run.step());
    if (step % 7 == 0) followed.update(history, 1);
  }
  followed.update(history, 1);
  VictimTrace whole;
  whole.update(history, 1);
  ASSERT_FALSE(whole.steps().empty());
  EXPECT_EQ(followed.steps(), whole.steps());
  EXPECT_EQ(followed.scores(), whole.scores());
  followed.update(history, 0);
  whole.update(history, 0);
  EXPECT_EQ(followed.scores(), whole.scores()) << "another layer starts over";
}

TEST(Protection, IsExplainedWithTheKnobsOfTheStep) {
  EvictionRecord eviction;
  eviction.position = 58;
  EXPECT_EQ(protection_text(eviction, Knobs()), "no: 58 ≥ sinks 4, not of the last 32");
  eviction.degenerate = true;
  EXPECT_THAT(protection_text(eviction, Knobs()), HasSubstr("no choice"));
}

TEST(KnobsAt, TakesLaterChangesBack) {
  InventedRun run;
  History history;
  history.append(run.step());
  run.set("max_cache_size", "96");
  history.append(run.step());
  run.set("max_cache_size", "64");
  run.set("sketch_width", "256");
  history.append(run.step());
  const Knobs now = run.state().applied;
  EXPECT_EQ(knobs_at(history, now, 0).max_cache_size, 128);
  EXPECT_EQ(knobs_at(history, now, 1).max_cache_size, 96);
  EXPECT_EQ(knobs_at(history, now, 1).sketch_width, 512);
  EXPECT_EQ(knobs_at(history, now, 2), now);
}

TEST(MemoryStack, CountsWhatOnlyMeasuresApart) {
  MemoryLedger ledger;
  ledger.kv_stored = 100;
  ledger.sketch = 20;
  ledger.statistics = 5;
  ledger.audit = 1000;
  EXPECT_EQ(policy_bytes(ledger), 125);
  EXPECT_TRUE(std::isnan(memory_saving(ledger)));
  ledger.kv_full = 250;
  EXPECT_DOUBLE_EQ(memory_saving(ledger), 0.5);
}

TEST(MemoryStack, RemembersThePeakUpToTheStepShown) {
  InventedRun run;
  History history;
  for (int step = 0; step < 150; ++step) history.append(run.step());
  run.set("max_cache_size", "64");
  for (int step = 0; step < 10; ++step) history.append(run.step());
  const MemoryPeak early = memory_peak(history, 20);
  const MemoryPeak late = memory_peak(history, 159);
  EXPECT_EQ(early.step, 20) << "still growing";
  EXPECT_EQ(late.step, 104) << "24 prompt tokens and 104 more fill 128 slots";
  EXPECT_EQ(late.bytes, policy_bytes(history.at(104)->memory));
}

TEST(NextTokenBars, MarkTheTokenThatWasDrawn) {
  StepRecord record;
  record.candidates = {{.token = 4, .probability = 0.6F, .twin_probability = 0.7F},
                       {.token = 9, .probability = 0.2F, .twin_probability = {}},
                       {.token = 2, .probability = 0.1F, .twin_probability = {}}};
  const auto bars = next_token_bars(record, 9, 2, TokenText());
  ASSERT_THAT(bars, SizeIs(2));
  EXPECT_FALSE(bars[0].drawn);
  EXPECT_TRUE(bars[1].drawn);
  EXPECT_FLOAT_EQ(static_cast<float>(bars[0].twin), 0.7F);
  EXPECT_TRUE(std::isnan(bars[1].twin));
}

TEST(TopTokenChanges, AreTheStepsFromTheEvictionOnWhoseTopTokenTheTwinDoesNotShare) {
  History history;
  for (int step = 0; step < 10; ++step) {
    auto record = std::make_shared<StepRecord>();
    record->step = step;
    record->position = step;
    record->tokens = {1};
    if (step != 7) record->top1_agrees = step % 3 != 0;
    history.append(record);
  }
  const TopTokenChanges changes = top_token_changes(history, 4, 1000);
  EXPECT_THAT(changes.steps, ::testing::ElementsAre(6, 9));
  EXPECT_EQ(changes.compared, 5) << "step 7 was not measured";
  EXPECT_EQ(top_token_changes(history, 100, 1000).compared, 0);
}

}  // namespace
}  // namespace sketchscope
