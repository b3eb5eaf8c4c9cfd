#include "gui/plot/raster.hpp"

#include <gtest/gtest.h>

#include "gui/plot/theme.hpp"
#include "tests/support/recording_canvas.hpp"

namespace sketchscope::plot {
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

TEST(ColorBar, HasItsEndsWhereItsWordsStand) {
  test::RecordingCanvas canvas;
  draw_color_bar(canvas, Theme(), {0, 0, 60, 100},
                 {.key = "bar", .color = viridis, .top = "113", .bottom = "0"});
  ASSERT_EQ(canvas.images.size(), 1U);
  EXPECT_EQ(canvas.images[0].pixels.front(), viridis(1));
  EXPECT_EQ(canvas.images[0].pixels.back(), viridis(0));
  ASSERT_EQ(canvas.texts.size(), 2U);
  EXPECT_EQ(canvas.texts[0].words, "113");
  EXPECT_LT(canvas.texts[0].bounds.bottom, canvas.texts[1].bounds.top);
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
}  // namespace sketchscope::plot
