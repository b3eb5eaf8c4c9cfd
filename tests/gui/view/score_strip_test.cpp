#include "gui/view/score_strip.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "engine/core/random.hpp"

namespace sketchscope::view {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Kendall's idea of an independent check would be another number, so this is Pearson's correlation
// of ranks that are counted, not sorted.
double counted_correlation(const std::vector<double>& one, const std::vector<double>& other) {
  const auto ranks = [](const std::vector<double>& values) {
    std::vector<double> ranks;
    for (const double value : values) {
      double rank = 0;
      for (const double another : values) {
        rank += another < value ? 1 : another == value ? 0.5 : 0;
      }
      ranks.push_back(rank);
    }
    return ranks;
  };
  const std::vector<double> x = ranks(one), y = ranks(other);
  const auto count = static_cast<double>(x.size());
  double sx = 0, sy = 0, sxx = 0, syy = 0, sxy = 0;
  for (std::size_t at = 0; at < x.size(); ++at) {
    sx += x[at];
    sy += y[at];
    sxx += x[at] * x[at];
    syy += y[at] * y[at];
    sxy += x[at] * y[at];
  }
  return (count * sxy - sx * sy) / std::sqrt((count * sxx - sx * sx) * (count * syy - sy * sy));
}

TEST(RankCorrelation, EqualsThatOfCountedRanks) {
  core::SplitMix64 random(7);
  for (int round = 0; round < 200; ++round) {
    const std::size_t count = 3 + random.below(30);
    std::vector<double> one, other;
    for (std::size_t at = 0; at < count; ++at) {
      one.push_back(static_cast<double>(random.below(8)));
      other.push_back(one.back() + static_cast<double>(random.below(8)));
    }
    const auto found = rank_correlation(one, other);
    const double expected = counted_correlation(one, other);
    ASSERT_EQ(found.has_value(), std::isfinite(expected));
    if (!found) continue;
    EXPECT_NEAR(*found, expected, 1e-9);
  }
}

TEST(RankCorrelation, IsOneForTheSameOrderAndNoNumberForOneRank) {
  const std::vector<double> rising = {1, 2, 30}, falling = {5, 4, -1}, flat = {2, 2, 2};
  EXPECT_EQ(rank_correlation(rising, rising), 1);
  EXPECT_EQ(rank_correlation(rising, falling), -1);
  EXPECT_EQ(rank_correlation(rising, flat), std::nullopt);
  EXPECT_EQ(rank_correlation(rising, {}), std::nullopt);
  const std::vector<double> odd = {std::nan(""), 2, 3};
  EXPECT_EQ(rank_correlation(rising, odd), 1) << "no number is the lowest";
}

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

TEST(ScoreStrip, PutsScoresAndYardstickInOrderOfPosition) {
  const run::LiveState state = small_state();
  const ScoreStrip strip = score_strip(state, 0, 0, Yardstick::heavy_hitter, kKnobs, 2);
  EXPECT_THAT(strip.positions, ElementsAre(0, 2, 3, 5, 6, 7));
  EXPECT_THAT(strip.scores, ElementsAre(1, 20, 30, 50, 60, 70));
  EXPECT_THAT(strip.others, ElementsAre(8, 6, 1, 3, 2, 1));
  EXPECT_THAT(score_strip(state, 0, 0, Yardstick::window, kKnobs, 2).others,
              ElementsAre(0, 2, 3, 5, 6, 7));
  EXPECT_THAT(score_strip(state, 0, 0, Yardstick::age_normalized, kKnobs, 2).others,
              ElementsAre(1, 1, 0.2, 1, 1, 1));
  EXPECT_THAT(score_strip(state, 0, 0, Yardstick::tova, kKnobs, 2).others,
              ElementsAre(0.5, 1.25, 0.5, 0.5, 0.5, 0.5));
}

TEST(ScoreStrip, NamesTheNextVictimAmongTheUnprotected) {
  run::LiveState state = small_state();
  const ScoreStrip strip = score_strip(state, 0, 0, Yardstick::heavy_hitter, kKnobs, 2);
  EXPECT_EQ(strip.candidates, 4) << "without the sink 0 and the latest, 7";
  EXPECT_EQ(strip.next_victim, 2);
  EXPECT_EQ(strip.compared, 2);
  EXPECT_EQ(strip.alike, 1) << "2 and 3 leave by score, 3 and 6 by mass";

  state.layers[0].tables[0].scores[3] = std::nanf("");
  const ScoreStrip odd = score_strip(state, 0, 0, Yardstick::heavy_hitter, kKnobs, 2);
  EXPECT_EQ(odd.next_victim, 5);
  EXPECT_EQ(odd.without_number, 1);
}

TEST(ScoreStrip, HasNoYardstickThatWasNotMeasured) {
  const run::LiveState state = small_state();
  for (const Yardstick missing : {Yardstick::sketch, Yardstick::full_cache}) {
    const ScoreStrip strip = score_strip(state, 0, 0, missing, kKnobs, 2);
    EXPECT_THAT(strip.others, IsEmpty());
    EXPECT_EQ(strip.correlation, std::nullopt);
    EXPECT_EQ(strip.next_victim, 2);
  }
  EXPECT_THAT(score_strip({}, 0, 0, Yardstick::window, kKnobs, 2).positions, IsEmpty());
}

TEST(ScoresData, HasARowForEachStoredPosition) {
  const DataTable table = scores_data(
      score_strip(small_state(), 0, 0, Yardstick::heavy_hitter, kKnobs, 2), "heavy-hitter");
  EXPECT_THAT(table.columns, ElementsAre("position", "score", "heavy-hitter"));
  ASSERT_EQ(table.rows.size(), 6U);
  EXPECT_THAT(table.rows[1], ElementsAre("2", "20", "6"));
}

}  // namespace
}  // namespace sketchscope::view
