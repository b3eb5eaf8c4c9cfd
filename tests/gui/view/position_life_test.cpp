#include "gui/view/position_life.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "tests/support/invented_run.hpp"

namespace sketchscope::view {
namespace {

class Life : public ::testing::Test {
 protected:
  Life() {
    for (int step = 0; step < 160; ++step) history_.append(run_.step());
    state_ = run_.state();
  }
  PositionLife of(int position, std::int64_t step = 159) {
    const Occupancy occupancy = occupancy_at(history_, step, state_.applied);
    return position_life(history_, occupancy, step == 159 ? &state_ : nullptr, position).value();
  }

  test::InventedRun run_{{.layers = 4}};
  History history_;
  run::LiveState state_;
};

TEST_F(Life, SaysOfEveryTableWhetherItStoresThePositionAndIfNotWhenItLeft) {
  int left = 0;
  for (int position = 0; position < 183; ++position) {
    const PositionLife life = of(position);
    ASSERT_EQ(life.tables.size(), 4U);
    for (const TableLife& table : life.tables) {
      const auto& stored = run_.stored(table.layer);
      const bool is_there = std::ranges::find(stored, position) != stored.end();
      ASSERT_EQ(is_stored(table.status), is_there) << position;
      ASSERT_EQ(table.left_at.has_value(), !is_there) << position;
      left += is_there ? 0 : 1;
    }
  }
  EXPECT_GT(left, 100);
}

TEST_F(Life, RanksWhatIsStoredByItsScoreFromTheLowest) {
  const run::TableState& table = state_.layers[1].tables[0];
  for (std::size_t slot = 0; slot < table.positions.size(); ++slot) {
    const TableLife life = of(table.positions[slot]).tables[1];
    const auto lower = std::ranges::count_if(
        table.scores, [&](float score) { return score < table.scores[slot]; });
    EXPECT_EQ(life.rank, lower + 1);
    EXPECT_EQ(life.stored, static_cast<int>(table.scores.size()));
    EXPECT_FLOAT_EQ(static_cast<float>(life.score), table.scores[slot]);
  }
}

TEST_F(Life, KeepsTheScoreWithWhichAPositionLeftAndItsRegretSince) {
  const EvictionPlace place = history_.eviction_places().front();
  const record::EvictionRecord& eviction = *history_.eviction(place);
  const TableLife table = of(eviction.position).tables[static_cast<std::size_t>(eviction.layer)];
  EXPECT_EQ(table.left_at, place.step);
  EXPECT_FLOAT_EQ(static_cast<float>(table.score), eviction.score);
  EXPECT_GT(table.regret, 0);
  EXPECT_EQ(table.rank, 0);
}

TEST_F(Life, IsThatOfTheStepItIsLookedAtFrom) {
  const EvictionPlace place = history_.eviction_places().back();
  const record::EvictionRecord& eviction = *history_.eviction(place);
  const TableLife before =
      of(eviction.position, place.step - 1).tables[static_cast<std::size_t>(eviction.layer)];
  EXPECT_TRUE(is_stored(before.status));
  EXPECT_FALSE(before.left_at) << "it had not left yet";
  EXPECT_TRUE(std::isnan(before.score)) << "scores of a step without its state are unknown";
}

TEST_F(Life, DoesNotExistBeforeThePositionWasFed) {
  const Occupancy occupancy = occupancy_at(history_, 10, state_.applied);
  EXPECT_FALSE(position_life(history_, occupancy, nullptr, 100));
  EXPECT_FALSE(position_life(history_, occupancy, nullptr, -1));
  EXPECT_EQ(of(100).fed_at, history_.fed_at(100));
  EXPECT_TRUE(of(3).prompt);
  EXPECT_FALSE(of(100).prompt);
}

TEST_F(Life, DrawsTheScoreUpToTheStepInWhichThePositionLeft) {
  const EvictionPlace place = history_.eviction_places().front();
  const record::EvictionRecord& eviction = *history_.eviction(place);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  run::PositionTrace trace{.position = eviction.position, .steps = {16, 32, 159}, .tables = {}};
  trace.tables.push_back({.layer = eviction.layer, .head = {}, .score = {0.5, 0.75, nan}});
  const ScoreCurve curve = score_curve(trace, trace.tables[0], of(eviction.position));
  ASSERT_EQ(curve.steps.size(), 3U);
  EXPECT_EQ(curve.scores[1], 0.75);
  EXPECT_EQ(curve.steps[2], static_cast<double>(place.step));
  EXPECT_FLOAT_EQ(static_cast<float>(curve.scores[2]), eviction.score);

  run::LiveState traced;
  traced.trace = std::make_shared<const run::PositionTrace>(trace);
  EXPECT_NE(trace_of(traced, eviction.position, eviction.layer, 0), nullptr);
  EXPECT_EQ(trace_of(traced, eviction.position + 1, eviction.layer, 0), nullptr);
  EXPECT_EQ(trace_of(traced, eviction.position, eviction.layer + 1, 0), nullptr);
}

TEST_F(Life, CountsTheTablesThatStoreIt) {
  EXPECT_EQ(of(0).storing(), 4) << "a sink";
  EXPECT_EQ(life_data(of(0)).rows.size(), 4U);
}

}  // namespace
}  // namespace sketchscope::view
