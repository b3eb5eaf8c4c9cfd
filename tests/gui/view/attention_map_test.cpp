#include "gui/view/attention_map.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>

#include "gui/view/data_table.hpp"

namespace sketchscope::view {
namespace {

using ::testing::ElementsAre;
using ::testing::FloatEq;
using ::testing::IsEmpty;
using ::testing::NanSensitiveFloatEq;

constexpr float kNone = std::numeric_limits<float>::quiet_NaN();

/// Two heads, four positions; the second position is not stored.
run::LayerState layer() {
  run::LayerState state;
  state.attention = {0.5F, kNone, 0.3F, 0.2F, 0.1F, kNone, 0.1F, 0.8F};
  state.twin_attention = {0.4F, 0.2F, 0.2F, 0.2F, 0.1F, 0.1F, 0.1F, 0.7F};
  return state;
}

TEST(AttentionMap, ShowsEveryPositionWhereThereIsRoom) {
  const AttentionMap map = attention_map(layer(), 2, {0, 4}, 100);
  EXPECT_EQ(map.columns, 4);
  EXPECT_EQ(map.filled, 4);
  EXPECT_THAT(map.lane,
              ElementsAre(FloatEq(0.5F), NanSensitiveFloatEq(kNone), FloatEq(0.3F), FloatEq(0.2F),
                          FloatEq(0.1F), NanSensitiveFloatEq(kNone), FloatEq(0.1F), FloatEq(0.8F)));
  EXPECT_FLOAT_EQ(map.difference[1], -0.2F) << "what is not stored has no mass";
}

TEST(AttentionMap, ShowsWhatMattersMostWhereColumnsAreFew) {
  const AttentionMap map = attention_map(layer(), 2, {0, 4}, 2);
  EXPECT_THAT(map.lane, ElementsAre(FloatEq(0.5F), FloatEq(0.3F), FloatEq(0.1F), FloatEq(0.8F)));
  EXPECT_FLOAT_EQ(map.difference[0], -0.2F) << "the larger one, whatever its sign";
}

TEST(AttentionMap, LeavesRoomForPositionsToCome) {
  const AttentionMap map = attention_map(layer(), 2, {0, 8}, 100);
  EXPECT_EQ(map.columns, 8);
  EXPECT_EQ(map.filled, 4);
  EXPECT_TRUE(std::isnan(map.lane[7]));
}

TEST(AttentionMap, ShowsTheRangeThatIsChosen) {
  const AttentionMap all = attention_map(layer(), 2, {0, 4}, 100);
  const AttentionMap part = attention_map(layer(), 2, {1, 3}, 100);
  ASSERT_EQ(part.columns, 2);
  EXPECT_EQ(part.filled, 2);
  EXPECT_EQ(part.positions, 4);
  for (const std::size_t column : {0U, 1U}) {
    EXPECT_EQ(part.twin[column], all.twin[column + 1]);
    EXPECT_EQ(part.twin[2 + column], all.twin[4 + column + 1]);
  }
  EXPECT_EQ(attention_map(layer(), 2, {4, 8}, 100).filled, 0) << "beyond the newest";
}

TEST(AttentionMap, MeasuresHowFarLaneAndTwinAreApart) {
  // Head 0: 0.1, 0.2, 0.1, 0; head 1: 0, 0.1, 0, 0.1. Half of each, mean.
  EXPECT_NEAR(attention_distance(layer(), 2), (0.2 + 0.1) / 2, 1e-6);
}

TEST(AttentionMap, SaysNothingOfTheTwinWithoutOne) {
  run::LayerState alone = layer();
  alone.twin_attention.clear();
  const AttentionMap map = attention_map(alone, 2, {0, 4}, 4);
  EXPECT_THAT(map.twin, IsEmpty());
  EXPECT_TRUE(std::isnan(attention_distance(alone, 2)));
  EXPECT_EQ(attention_map(run::LayerState(), 2, {0, 4}, 4).columns, 0);
}

TEST(MassHeat, RisesWithTheLogarithmOfTheMassFromATenThousandth) {
  EXPECT_EQ(mass_heat(0), 0);
  EXPECT_EQ(mass_heat(1e-6), 0);
  EXPECT_DOUBLE_EQ(mass_heat(0.01), 0.5);
  EXPECT_DOUBLE_EQ(mass_heat(1), 1);
}

TEST(AttentionData, HasARowForEachHeadAndPosition) {
  const DataTable table = attention_data(layer(), 2);
  ASSERT_EQ(table.rows.size(), 8U);
  EXPECT_THAT(table.rows[5], ElementsAre("1", "1", "", exact_text(0.1F)));
}

}  // namespace
}  // namespace sketchscope::view
