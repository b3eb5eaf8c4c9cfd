#include "gui/view/sketch_map.hpp"

#include <gmock/gmock.h>

#include <algorithm>

#include "gui/view/position_life.hpp"

namespace sketchscope::view {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Not;

TEST(SketchMap, LoadIsTheShareOfCellsThatAreNotZero) {
  const std::vector<float> cells = {0, 2, 0, 0, 8, -1, 0, 1};
  const SketchMap map = sketch_map(cells, 2);
  EXPECT_EQ(map.width, 4);
  EXPECT_DOUBLE_EQ(map.load, 0.5);
  EXPECT_EQ(map.largest, 8);
  EXPECT_EQ(map.smallest, 1);
}

TEST(RowLoadsText, ListsFewRowsAndTheRangeOfMany) {
  EXPECT_EQ(row_loads_text(std::vector<double>{0.71, 0.68, 0.19}), "71, 68, 19 %");
  EXPECT_EQ(row_loads_text(std::vector<double>{0.5, 0.1, 0.2, 0.3, 0.4, 0.5, 0.9}), "10 to 90 %");
  EXPECT_EQ(row_loads_text({}), plot::kAbsent);
}

TEST(NearlyDeadText, NamesTheRowsAndHowFullTheyAre) {
  EXPECT_EQ(nearly_dead_text(std::vector<double>{0.71, 0.71, 0.68, 0.19}, 512),
            "row 3 is nearly dead: 19 % of its cells are filled, of the fullest row's 71 %");
  EXPECT_EQ(nearly_dead_text(std::vector<double>{0.2, 0.71, 0.1}, 512),
            "rows 0 and 2 are nearly dead: at most 20 % of their cells are filled, of the fullest "
            "row's 71 %");
  EXPECT_EQ(nearly_dead_text(std::vector<double>{0.51, 0.48}, 512), "");
}

TEST(SketchMap, IsEmptyWithoutCells) {
  const SketchMap map = sketch_map({}, 4);
  EXPECT_EQ(map.rows, 0);
  EXPECT_EQ(heat(map, 1), 0);
}

TEST(Heat, RisesWithTheLogarithmFromNoneToOne) {
  const std::vector<float> cells = {0.001F, 0.1F, 10};
  const SketchMap map = sketch_map(cells, 1);
  EXPECT_EQ(heat(map, 0), 0);
  EXPECT_DOUBLE_EQ(heat(map, 10), 1);
  EXPECT_GT(heat(map, 0.001F), 0) << "a filled cell differs from an empty one";
  EXPECT_NEAR(heat(map, 10) - heat(map, 1), heat(map, 1) - heat(map, 0.1F), 1e-6);
}

TEST(SharedScale, GivesEqualCountersOfTwoTablesEqualHeat) {
  SketchMap one = sketch_map(std::vector<float>{0, 0.5F, 4}, 1);
  SketchMap other = sketch_map(std::vector<float>{2, 32, 0}, 1);
  EXPECT_NE(heat(one, 4), heat(other, 4));
  share_scale(one, other);
  for (const float value : {0.5F, 2.0F, 4.0F, 32.0F}) {
    EXPECT_EQ(heat(one, value), heat(other, value)) << value;
  }
  EXPECT_EQ(heat(one, 32), 1);
  EXPECT_GT(heat(other, 0.5F), 0);
}

TEST(SharedScale, IsThatOfTheOneThatHasCounters) {
  SketchMap none;
  SketchMap some = sketch_map(std::vector<float>{2, 32, 0}, 1);
  const SketchMap before = some;
  share_scale(none, some);
  EXPECT_EQ(heat(some, 2), heat(before, 2));
  EXPECT_EQ(heat(none, 2), heat(before, 2));
}

TEST(HeatPixels, ShowTheFullestCellUnderEach) {
  std::vector<float> cells(100, 0.0F);
  cells[57] = 3;
  const auto pixels = heat_pixels(sketch_map(cells, 1), cells, 10);
  EXPECT_EQ(std::ranges::count(pixels, 0.0F), 9);
  EXPECT_EQ(pixels[5], 1);
}

TEST(SketchCells, ListThePositionsThatShareACell) {
  settings::Knobs knobs;
  knobs.sketch_width = 16;
  knobs.sketch_depth = 3;
  const SketchCells cells(knobs, 4, 1024);
  const std::vector<int> tokens(200, 1);
  for (int row = 0; row < 3; ++row) {
    const int column = *cells.column_of(row, 57, {.tokens = tokens});
    const auto positions = cells.positions_in(row, column, {.tokens = tokens});
    EXPECT_THAT(positions, Contains(57));
    EXPECT_GT(positions.size(), 1U) << "200 items in 16 cells";
    for (const int position : positions)
      EXPECT_EQ(cells.column_of(row, position, {.tokens = tokens}), column);
  }
}

TEST(SketchCells, TakeEqualTokensAsOneItemUnderTheTokenKey) {
  settings::Knobs knobs;
  knobs.sketch_key = sketch::SketchKey::token;
  const SketchCells cells(knobs, 4, 1024);
  const std::vector<int> tokens = {3, 4, 3};
  const SeenItems seen{.tokens = tokens};
  EXPECT_THAT(cells.positions_in(0, *cells.column_of(0, 0, seen), seen), Contains(2));
  EXPECT_FALSE(cells.fits(settings::Knobs()));
}

TEST(LimitingCell, IsTheRowWithTheLeastForeignMass) {
  settings::Knobs knobs;
  knobs.sketch_width = 8;
  knobs.sketch_depth = 4;
  const SketchCells cells(knobs, 1, 1024);
  const std::vector<int> tokens(40, 1);
  std::vector<float> mass(40);
  for (std::size_t index = 0; index < mass.size(); ++index) {
    mass[index] = static_cast<float>(index % 7);
  }
  const SeenItems seen{.tokens = tokens};
  const Sharing sharing = limiting_cell(cells, seen, 11, mass).value();
  const auto foreign = [&](int row) {
    double sum = 0;
    for (const int other : cells.positions_in(row, *cells.column_of(row, 11, seen), seen)) {
      if (other != 11) sum += mass[static_cast<std::size_t>(other)];
    }
    return sum;
  };
  for (int row = 0; row < 4; ++row) EXPECT_LE(foreign(sharing.row), foreign(row));
  EXPECT_THAT(sharing.positions, Not(Contains(11)));
  EXPECT_TRUE(std::ranges::is_sorted(sharing.positions, std::ranges::greater(), [&](int position) {
    return mass[static_cast<std::size_t>(position)];
  }));
}

TEST(SketchAccuracy, ComparesEveryPositionAndPutsStoredOnesOnTop) {
  run::TableState table;
  table.positions = {2, 0};
  table.exact_mass = {1, 2, 3};
  table.estimates = {1, 2.5F, 4};
  const Accuracy accuracy = sketch_accuracy(table, 0.75);
  ASSERT_EQ(accuracy.points.size(), 3U);
  EXPECT_EQ(accuracy.points[0].position, 1);
  EXPECT_FALSE(accuracy.points[0].stored);
  EXPECT_TRUE(accuracy.points[2].stored);
  EXPECT_DOUBLE_EQ(accuracy.largest, 4);
  EXPECT_DOUBLE_EQ(accuracy.smallest, 1);
}

TEST(SketchAccuracy, IsEmptyWithoutExactMass) {
  run::TableState table;
  table.estimates = {1, 2};
  EXPECT_TRUE(sketch_accuracy(table, 1).points.empty());
}

}  // namespace
}  // namespace sketchscope::view
