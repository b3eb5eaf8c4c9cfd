#include "gui/view/evictions.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "gui/view/history.hpp"
#include "gui/view/position_life.hpp"
#include "gui/view/step_costs.hpp"
#include "gui/view/token_text.hpp"
#include "tests/support/invented_run.hpp"

namespace sketchscope::view {
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
  const auto places = newest_evictions(history_, {});
  ASSERT_THAT(places, SizeIs(history_.eviction_places().size()));
  EXPECT_EQ(places.front(), history_.eviction_places().back());
  EXPECT_EQ(places.back(), history_.eviction_places().front());
}

TEST_F(EvictionLog, FiltersByLayerAndStepAndGivesAsManyAsAsked) {
  const EvictionFilter filter{.up_to_step = 130, .layer = 1};
  const auto all = newest_evictions(history_, filter);
  EXPECT_EQ(all.size(), count_evictions(history_, filter));
  ASSERT_GT(all.size(), 5U);
  for (const EvictionPlace place : all) {
    EXPECT_LE(place.step, 130);
    EXPECT_EQ(history_.eviction(place)->layer, 1);
  }
  const auto newest = newest_evictions(history_, filter, 3);
  EXPECT_EQ(newest, std::vector(all.begin(), all.begin() + 3));
}

TEST_F(EvictionLog, TakesTheRegretFromTheLatestState) {
  const run::LiveState state = run_.state();
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
  record::EvictionRecord eviction;
  eviction.position = 58;
  EXPECT_EQ(protection_text(eviction, settings::Knobs()), "no: 58 ≥ sinks 4, not of the last 32");
  eviction.degenerate = true;
  EXPECT_THAT(protection_text(eviction, settings::Knobs()), HasSubstr("no choice"));
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
  const settings::Knobs now = run.state().applied;
  EXPECT_EQ(knobs_at(history, now, 0).max_cache_size, 128);
  EXPECT_EQ(knobs_at(history, now, 1).max_cache_size, 96);
  EXPECT_EQ(knobs_at(history, now, 1).sketch_width, 512);
  EXPECT_EQ(knobs_at(history, now, 2), now);
}

TEST(MemoryStack, CountsWhatOnlyMeasuresApart) {
  record::MemoryLedger ledger;
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
  record::StepRecord record;
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
    auto record = std::make_shared<record::StepRecord>();
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

using test::InventedRun;

class SortedEvictions : public ::testing::Test {
 protected:
  SortedEvictions() {
    for (int step = 0; step < 180; ++step) history_.append(run_.step());
    state_ = run_.state();
  }

  /// All lines, read in pages of seven as a table scrolls.
  std::vector<EvictionRow> rows(EvictionOrder order, std::string_view search = "") {
    lines_.update(history_, state_, text_, kEnd, parse_eviction_search(search), order);
    std::vector<EvictionRow> rows;
    for (std::size_t at = 0; at < lines_.size(); at += 7) {
      for (const EvictionPlace place : lines_.lines(at, 7)) {
        rows.push_back(eviction_row(history_, place, &state_, text_));
      }
    }
    return rows;
  }

  static constexpr std::int64_t kEnd = std::numeric_limits<std::int64_t>::max();
  InventedRun run_{{.layers = 3}};
  History history_;
  run::LiveState state_;
  TokenText text_{[](int token) { return token % 2 == 0 ? " was" : "Then"; }};
  EvictionLines lines_;
};

double number_of(const EvictionRow& row, EvictionColumn column) {
  switch (column) {
    case EvictionColumn::layer:
      return row.layer;
    case EvictionColumn::position:
      return row.position;
    case EvictionColumn::score:
      return row.score;
    case EvictionColumn::exact:
      return row.exact;
    case EvictionColumn::margin:
      return row.degenerate ? std::nan("") : row.margin;
    case EvictionColumn::regret:
      return row.regret;
    default:
      return static_cast<double>(row.place.step);
  }
}

TEST_F(SortedEvictions, FallOrRiseInTheirColumnWithWhatIsMissingAtTheEnd) {
  using enum EvictionColumn;
  for (const EvictionColumn column : {step, layer, position, score, exact, margin, regret}) {
    for (const bool descending : {true, false}) {
      const auto found = rows({column, descending});
      ASSERT_EQ(found.size(), history_.eviction_places().size());
      for (std::size_t i = 1; i < found.size(); ++i) {
        const double a = number_of(found[i - 1], column);
        const double b = number_of(found[i], column);
        if (std::isnan(b)) continue;
        ASSERT_FALSE(std::isnan(a)) << "line " << i;
        ASSERT_TRUE(descending ? a >= b : a <= b) << static_cast<int>(column) << " line " << i;
      }
    }
  }
}

TEST_F(SortedEvictions, AreEachThereOnceInWhateverOrder) {
  const auto places_of = [](const std::vector<EvictionRow>& rows) {
    std::vector<std::pair<std::int64_t, std::size_t>> keys;
    for (const auto& row : rows) keys.emplace_back(row.place.step, row.place.index);
    std::ranges::sort(keys);
    return keys;
  };
  const auto all = places_of(rows({}));
  EXPECT_EQ(std::ranges::adjacent_find(all), all.end());
  EXPECT_EQ(places_of(rows({EvictionColumn::regret, true})), all);
  EXPECT_EQ(places_of(rows({EvictionColumn::token, false})), all);
}

TEST_F(SortedEvictions, LieByWordWhereTokensAreSorted) {
  const auto rising = rows({EvictionColumn::token, false});
  EXPECT_EQ(rising.front().token, "·was");
  EXPECT_EQ(rising.back().token, "Then");
  EXPECT_EQ(rows({EvictionColumn::token, true}).front().token, "Then");
}

TEST_F(SortedEvictions, AreThoseThatAreLookedFor) {
  const auto all = rows({});
  const auto expect_kept = [&](std::string_view search, auto keep) {
    const auto found = rows({}, search);
    EXPECT_EQ(static_cast<std::ptrdiff_t>(found.size()), std::ranges::count_if(all, keep))
        << search;
    EXPECT_TRUE(std::ranges::all_of(found, keep)) << search;
    EXPECT_FALSE(found.empty()) << search;
  };
  const int position = all.front().position;
  expect_kept("L1", [](const EvictionRow& row) { return row.layer == 1; });
  expect_kept("p" + std::to_string(position),
              [&](const EvictionRow& row) { return row.position == position; });
  expect_kept("l2 WAS",
              [](const EvictionRow& row) { return row.layer == 2 && row.token == "·was"; });
  expect_kept("capac", [](const EvictionRow&) { return true; });
  EXPECT_TRUE(rows({}, "nobody").empty());
}

TEST_F(SortedEvictions, TakeInWhatIsNew) {
  const std::size_t before = rows({EvictionColumn::score, true}).size();
  history_.append(run_.step());
  EXPECT_EQ(rows({EvictionColumn::score, true}).size(), history_.eviction_places().size());
  EXPECT_GT(history_.eviction_places().size(), before);
}

TEST_F(SortedEvictions, AreThoseOfARunOfTheSameLengthThatCameIntoItsPlace) {
  const auto places = [&] {
    std::vector<EvictionPlace> all;
    for (const EvictionRow& row : rows({})) all.push_back(row.place);
    return all;
  };
  ASSERT_EQ(places().size(), history_.eviction_places().size());
  history_ = History();
  InventedRun other({.layers = 2, .seed = 2});
  for (int step = 0; step < 180; ++step) history_.append(other.step());
  EXPECT_EQ(places(), newest_evictions(history_, {}));
}

TEST(FirstEviction, IsForetoldToTheStep) {
  InventedRun run({.layers = 3});
  const settings::Knobs knobs;
  std::string words = first_eviction_words(nullptr, knobs, 1024);
  for (int step = 0; step < 160; ++step) {
    record::StepRecord record = *run.step();
    for (record::LayerRecord& layer : record.layers) layer.capacity = knobs.max_cache_size;
    if (!record.evictions.empty()) {
      EXPECT_THAT(words, HasSubstr("128 of 128 slots are filled: step " + std::to_string(step)));
      settings::Knobs full;
      full.policy = "full";
      EXPECT_THAT(first_eviction_words(&record, full, 1024), HasSubstr("never evicts"));
      return;
    }
    EXPECT_THAT(first_eviction_words(&record, knobs, 100), HasSubstr("No table fills"));
    words = first_eviction_words(&record, knobs, 1024);
  }
  FAIL() << "nothing was evicted";
}

TEST(EvictionOrders, TurnAroundWhenTheirColumnIsClickedAgain) {
  EvictionOrder order;
  EXPECT_EQ(order_text(order), "newest first");
  order = clicked_order(order, EvictionColumn::regret);
  EXPECT_EQ(order_text(order), "by regret, greatest first");
  order = clicked_order(order, EvictionColumn::regret);
  EXPECT_EQ(order_text(order), "by regret, lowest first");
  EXPECT_EQ(order_text(clicked_order(order, EvictionColumn::token)), "by token, from A");
}

}  // namespace
}  // namespace sketchscope::view
