#include "gui/plot/heat_map.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "gui/plot/color_map.hpp"

namespace sketchscope {
namespace {

int brightness(Color color) {
  return color.red * 3 + color.green * 6 + color.blue;
}

TEST(Viridis, GrowsBrighterFromEndToEndAndHoldsOutsideThem) {
  int before = -1;
  for (int i = 0; i <= 100; ++i) {
    const int now = brightness(viridis(i / 100.0));
    EXPECT_GT(now, before);
    before = now;
  }
  EXPECT_EQ(viridis(-3), viridis(0));
  EXPECT_EQ(viridis(7), viridis(1));
}

TEST(Diverging, IsWhitestAtZero) {
  for (const double t : {-1.0, -0.5, 0.5, 1.0}) {
    EXPECT_LT(brightness(diverging(t)), brightness(diverging(0)));
  }
}

TEST(HeatMapImage, ColoursEachCellByItsShareOfTheRange) {
  const std::vector<float> values = {0, 5, 10, std::numeric_limits<float>::quiet_NaN()};
  const Image image =
      heat_map_image({.values = values, .rows = 2, .columns = 2, .minimum = 0, .maximum = 10});
  ASSERT_EQ(image.pixels.size(), 4U);
  EXPECT_EQ(image.pixels[0], viridis(0));
  EXPECT_EQ(image.pixels[1], viridis(0.5));
  EXPECT_EQ(image.pixels[2], viridis(1));
  EXPECT_EQ(image.pixels[3].alpha, 0);
}

TEST(HeatMapImage, LiftsSmallValuesOnALogarithmicScale) {
  const std::vector<float> values = {0, 1, 100};
  const Image image = heat_map_image(
      {.values = values, .rows = 1, .columns = 3, .maximum = 100, .scale = Scale::log10});
  EXPECT_EQ(image.pixels[0], viridis(0));
  EXPECT_GT(brightness(image.pixels[1]), brightness(viridis(0.1)));
  EXPECT_EQ(image.pixels[2], viridis(1));
}

TEST(HeatMapImage, DrawsARangeWithoutExtent) {
  const std::vector<float> values = {3, 3};
  const Image image =
      heat_map_image({.values = values, .rows = 1, .columns = 2, .minimum = 3, .maximum = 3});
  EXPECT_EQ(image.pixels[0], image.pixels[1]);
}

TEST(CellAt, FindsTheCellThatCellRectDrew) {
  const Rect area{10, 20, 110, 80};
  for (int row = 0; row < 6; ++row) {
    for (int column = 0; column < 17; ++column) {
      const Cell cell{row, column};
      EXPECT_EQ(cell_at(area, 6, 17, cell_rect(area, 6, 17, cell).center()), cell);
    }
  }
}

TEST(CellAt, IsEmptyOutside) {
  const Rect area{10, 20, 110, 80};
  EXPECT_FALSE(cell_at(area, 6, 17, {9.9F, 30}));
  EXPECT_FALSE(cell_at(area, 6, 17, {50, 80}));
  EXPECT_FALSE(cell_at(area, 0, 17, {50, 50}));
}

}  // namespace
}  // namespace sketchscope
