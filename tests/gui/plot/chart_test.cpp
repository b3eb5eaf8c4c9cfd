#include "gui/plot/chart.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "tests/support/recording_canvas.hpp"

namespace sketchscope::plot {
namespace {

using test::RecordingCanvas;
using ::testing::HasSubstr;
using ::testing::Not;

const Theme kTheme;  // A chart keeps a reference.
constexpr Rect kArea{0, 0, 400, 150};
const std::vector<double> kSteps = {0, 1, 2, 3, 4};
const std::vector<double> kValues = {0, 0.1, 0.4, 0.2, 0.3};

ChartOptions options() {
  return {.x = integer_axis(0, 4), .y = axis_from_zero(0.4), .x_label = "step"};
}

Series series(std::string name = "KL") {
  return {.name = std::move(name), .x = kSteps, .y = kValues, .stroke = {Color::hex(0x4cc2ff)}};
}

TEST(ValueAt, IsTheNearestSample) {
  EXPECT_EQ(value_at(series(), 2.4), 0.4);
  EXPECT_EQ(value_at(series(), 2.6), 0.2);
  EXPECT_EQ(value_at(series(), 4.9), 0.3);
}

TEST(ValueAt, IsEmptyBeyondTheSamplesAndInGaps) {
  EXPECT_FALSE(value_at(series(), 6));
  EXPECT_FALSE(value_at(series(), -2));
  EXPECT_FALSE(value_at(Series{}, 0));
  const std::vector<double> gap = {1, std::numeric_limits<double>::quiet_NaN(), 3, 4, 5};
  EXPECT_FALSE(value_at({.x = kSteps, .y = gap}, 1));
}

TEST(Chart, KeepsItsPlotWithinItsAreaAndLabelsOutsideThePlot) {
  RecordingCanvas canvas;
  Chart chart(canvas, canvas, kTheme, kArea, options());
  EXPECT_GT(chart.plot().left, kArea.left);
  EXPECT_LT(chart.plot().bottom, kArea.bottom);
  for (const auto& text : canvas.texts) {
    EXPECT_FALSE(chart.plot().contains(text.bounds.center())) << text.words;
  }
}

TEST(Chart, DrawsALineThroughItsSamples) {
  RecordingCanvas canvas;
  Chart chart(canvas, canvas, kTheme, kArea, options());
  chart.line(series());
  ASSERT_EQ(canvas.polylines.size(), 1U);
  EXPECT_EQ(canvas.polylines[0].size(), kSteps.size());
  EXPECT_FLOAT_EQ(canvas.polylines[0].front().x, chart.plot().left);
  EXPECT_FLOAT_EQ(canvas.polylines[0].back().x, chart.plot().right);
}

TEST(Chart, ReadsOutEverySeriesUnderTheMouse) {
  RecordingCanvas canvas;
  RecordingCanvas overlay;
  auto with_mouse = options();
  with_mouse.pointer = Point{390, 60};
  Chart chart(canvas, overlay, kTheme, kArea, with_mouse);
  chart.line(series("lane"));
  chart.line(series("twin"));
  chart.finish();
  EXPECT_EQ(chart.hovered_x(), 4);
  EXPECT_THAT(overlay.words(), HasSubstr("step 4"));
  EXPECT_THAT(overlay.words(), HasSubstr("lane"));
  EXPECT_THAT(overlay.words(), HasSubstr("twin"));
  EXPECT_THAT(overlay.words(), HasSubstr("0.3"));
}

TEST(Chart, ReadsNothingOutWhileTheMouseIsElsewhere) {
  RecordingCanvas canvas;
  RecordingCanvas overlay;
  auto with_mouse = options();
  with_mouse.pointer = Point{390, 149};
  Chart chart(canvas, overlay, kTheme, kArea, with_mouse);
  chart.line(series());
  chart.finish();
  EXPECT_FALSE(chart.hovered_x());
  EXPECT_TRUE(overlay.texts.empty());
}

TEST(Chart, MarksTheCursorOnEverySeries) {
  RecordingCanvas canvas;
  auto with_cursor = options();
  with_cursor.cursor = 2;
  Chart chart(canvas, canvas, kTheme, kArea, with_cursor);
  chart.line(series());
  chart.finish();
  ASSERT_EQ(canvas.circles.size(), 1U);
  EXPECT_FLOAT_EQ(canvas.circles[0].x, chart.x().pixel(2));
  EXPECT_FLOAT_EQ(canvas.circles[0].y, chart.y().pixel(0.4));
}

TEST(Chart, NamesTheNewestMarkWhereTwoWouldOverlap) {
  RecordingCanvas canvas;
  Chart chart(canvas, canvas, kTheme, {0, 0, 260, 100}, options());
  chart.mark({.at = 3, .label = "an older change of a knob", .color = {}});
  chart.mark({.at = 3.1, .label = "a newer change of a knob", .color = {}});
  chart.finish();
  EXPECT_THAT(canvas.words(), HasSubstr("a newer change of a knob"));
  EXPECT_THAT(canvas.words(), Not(HasSubstr("an older change of a knob")));
}

TEST(Chart, DrawsOneBarAPixelWhereThereAreMoreSamples) {
  RecordingCanvas canvas;
  ChartOptions many = options();
  many.x = integer_axis(0, 1600);
  std::vector<double> steps;
  std::vector<double> values;
  for (int step = 0; step <= 1600; ++step) {
    steps.push_back(step);
    values.push_back(step % 7 == 3 ? 0.4 : 0.1);
  }
  Chart chart(canvas, canvas, kTheme, kArea, many);
  canvas.fills.clear();
  chart.bars({.name = {}, .x = steps, .y = values, .stroke = {}}, 1);
  ASSERT_GT(canvas.fills.size(), 100U);
  for (std::size_t bar = 1; bar < canvas.fills.size(); ++bar) {
    EXPECT_GE(canvas.fills[bar].left, canvas.fills[bar - 1].right) << "no pixel is covered twice";
    EXPECT_EQ(canvas.fills[bar].left, std::round(canvas.fills[bar].left));
  }
  const float highest = chart.y().pixel(0.4);
  const auto peaks = std::ranges::count(canvas.fills, highest, &Rect::top);
  EXPECT_GT(peaks, 200) << "each pixel is as high as its highest sample";
}

TEST(Chart, LeavesNoClipOpen) {
  RecordingCanvas canvas;
  auto all = options();
  all.legend = Legend::above;
  Chart chart(canvas, canvas, kTheme, kArea, all);
  chart.area(series(), {});
  chart.dots(series(), 2);
  chart.bars(series(), 0.8);
  chart.level(0.2, "cap", {});
  chart.mark({.at = 1, .label = "x", .color = {}});
  chart.finish();
  EXPECT_EQ(canvas.open_clips(), 0U);
}

TEST(Chart, SurvivesAnAreaWithoutRoom) {
  RecordingCanvas canvas;
  for (const Rect area : {Rect{0, 0, 0, 0}, Rect{0, 0, 10, 10}, Rect{5, 5, 400, 8}}) {
    Chart chart(canvas, canvas, kTheme, area, options());
    chart.line(series());
    chart.finish();
    EXPECT_GT(chart.plot().width(), 0);
    EXPECT_GT(chart.plot().height(), 0);
  }
}

TEST(Chart, NamesAllSeriesWhereThereIsNoRoomForTheirValues) {
  ChartOptions with_legend = options();
  with_legend.legend = Legend::above;
  with_legend.cursor = 2;
  const auto words_in = [&](const Rect& area) {
    RecordingCanvas canvas;
    Chart chart(canvas, canvas, kTheme, area, with_legend);
    for (const char* name : {"L0", "L1", "L2", "L3", "L4", "L5"}) chart.line(series(name));
    canvas.clear();
    chart.finish();
    return canvas.words();
  };
  EXPECT_THAT(words_in({0, 0, 600, 150}), HasSubstr("L5\n0.4\n"));
  EXPECT_THAT(words_in({0, 0, 300, 150}), HasSubstr("L0\nL1\nL2\nL3\nL4\nL5\n"));
}

}  // namespace
}  // namespace sketchscope::plot
