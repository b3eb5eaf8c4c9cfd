#include "gui/view/score_strip.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace sketchscope::view {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

run::LiveState small_state() {
  run::LiveState state;
  state.layers.resize(1);
  run::LayerState& layer = state.layers.front();
  layer.tables.resize(1);
  run::TableState& table = layer.tables.front();
  table.positions = {7, 0, 2, 5, 6, 3};
  table.scores = {70, 1, 20, 50, 60, 30};
  table.exact_mass = {8, 0, 6, 1, 0, 3, 2, 1};
  layer.attention.assign(2 * 8, 0.25F);  // two query heads
  layer.attention[2] = 1;
  return state;
}

const settings::Knobs kKnobs{.sinks = 1, .recent_window = 2};

TEST(ScoreStrip, PutsScoresAndReferenceScoreInOrderOfPosition) {
  const run::LiveState state = small_state();
  const ScoreStrip strip = score_strip(state, 0, 0, ReferenceScore::heavy_hitter, kKnobs, 2);
  EXPECT_THAT(strip.positions, ElementsAre(0, 2, 3, 5, 6, 7));
  EXPECT_THAT(strip.scores, ElementsAre(1, 20, 30, 50, 60, 70));
  EXPECT_THAT(strip.others, ElementsAre(8, 6, 1, 3, 2, 1));
  EXPECT_THAT(score_strip(state, 0, 0, ReferenceScore::window, kKnobs, 2).others,
              ElementsAre(0, 2, 3, 5, 6, 7));
  EXPECT_THAT(score_strip(state, 0, 0, ReferenceScore::age_normalized, kKnobs, 2).others,
              ElementsAre(1, 1, 0.2, 1, 1, 1));
  EXPECT_THAT(score_strip(state, 0, 0, ReferenceScore::tova, kKnobs, 2).others,
              ElementsAre(0.5, 1.25, 0.5, 0.5, 0.5, 0.5));
}

TEST(ScoreStrip, NamesTheNextVictimAmongTheUnprotected) {
  run::LiveState state = small_state();
  const ScoreStrip strip = score_strip(state, 0, 0, ReferenceScore::heavy_hitter, kKnobs, 2);
  EXPECT_EQ(strip.candidates, 4) << "without the sink 0 and the latest, 7";
  EXPECT_EQ(strip.next_victim, 2);
  EXPECT_EQ(strip.compared, 2);
  EXPECT_EQ(strip.alike, 1) << "2 and 3 leave by score, 3 and 6 by mass";

  state.layers[0].tables[0].scores[3] = std::nanf("");
  const ScoreStrip odd = score_strip(state, 0, 0, ReferenceScore::heavy_hitter, kKnobs, 2);
  EXPECT_EQ(odd.next_victim, 5);
  EXPECT_EQ(odd.without_number, 1);
}

TEST(ScoreStrip, CountsNoPositionsThatThePolicyObserves) {
  const auto strip_under = [](const settings::Knobs& knobs) {
    return score_strip(small_state(), 0, 0, ReferenceScore::heavy_hitter, knobs, 2);
  };
  settings::Knobs knobs = kKnobs;
  knobs.policy = "snapkv";
  knobs.observation_window = 3;
  EXPECT_EQ(strip_under(knobs).candidates, 2) << "2 and 3, without 5, 6 and 7";
  knobs.observation_window = 5;
  EXPECT_EQ(strip_under(knobs).candidates, 1) << "2, since 4 is not stored but 3 is observed";
  EXPECT_EQ(strip_under(knobs).next_victim, 2);
  knobs.observation_window = 1;
  EXPECT_EQ(strip_under(knobs).candidates, 4);
  knobs.recent_window = 4;
  EXPECT_EQ(strip_under(knobs).candidates, 2) << "the longer recent window protects 5, 6 and 7";

  knobs.policy = "r-kv";
  EXPECT_EQ(strip_under(knobs).candidates, 0) << "all are among the latest eight";
  EXPECT_EQ(strip_under(knobs).next_victim, std::nullopt);
}

TEST(ScoreStrip, KnowsOfAnEarlierStepWhatWasAttendedToSince) {
  run::LiveState later = small_state();
  run::TableState& now = later.layers.front().tables.front();
  now.positions = {7, 0, 2, 5, 8, 9};  // 6 and 3 have left
  now.exact_mass = {9, 0, 10, 1, 0, 3, 2.5, 7, 1, 1};
  now.regret = {0, 0, 0, 4, 0, 0, 2, 0, 0, 0};
  run::LiveState then = small_state();
  then.layers.front().tables.front().regret.assign(8, 0);
  then.layers.front().tables.front().regret[1] = 5;
  EXPECT_THAT(score_strip(then, 0, 0, ReferenceScore::hindsight, kKnobs, 2).others, IsEmpty());
  then.later = std::make_shared<const run::LiveState>(later);
  const ScoreStrip strip = score_strip(then, 0, 0, ReferenceScore::hindsight, kKnobs, 2);
  EXPECT_THAT(strip.positions, ElementsAre(0, 2, 3, 5, 6, 7));
  EXPECT_THAT(strip.others, ElementsAre(1, 4, 4, 0, 2.5, 6));
  then.applied.decay = 0.9;
  EXPECT_THAT(score_strip(then, 0, 0, ReferenceScore::hindsight, kKnobs, 2).others, IsEmpty());
}

TEST(ScoreStrip, HasNoReferenceScoreThatWasNotMeasured) {
  const run::LiveState state = small_state();
  for (const ReferenceScore missing :
       {ReferenceScore::sketch, ReferenceScore::full_cache, ReferenceScore::hindsight}) {
    const ScoreStrip strip = score_strip(state, 0, 0, missing, kKnobs, 2);
    EXPECT_THAT(strip.others, IsEmpty());
    EXPECT_EQ(strip.correlation, std::nullopt);
    EXPECT_EQ(strip.next_victim, 2);
  }
  EXPECT_THAT(score_strip({}, 0, 0, ReferenceScore::window, kKnobs, 2).positions, IsEmpty());
}

TEST(ScoresData, HasARowForEachStoredPosition) {
  const DataTable table = scores_data(
      score_strip(small_state(), 0, 0, ReferenceScore::heavy_hitter, kKnobs, 2), "heavy-hitter");
  EXPECT_THAT(table.columns, ElementsAre("position", "score", "heavy-hitter"));
  ASSERT_EQ(table.rows.size(), 6U);
  EXPECT_THAT(table.rows[1], ElementsAre("2", "20", "6"));
}

}  // namespace
}  // namespace sketchscope::view
