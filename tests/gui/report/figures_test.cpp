#include "gui/report/figures.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/recording_canvas.hpp"

namespace sketchscope::report {
namespace {

/// A figure of two series over the same places, whose values have intervals.
LineFigure two_series_with_intervals() {
  LineFigure figure{.name = "ratio", .x_name = "capacity", .y_name = "ratio"};
  for (std::size_t style = 0; style < 2; ++style) {
    FigureSeries series{.name = "policy " + std::to_string(style), .style = style};
    for (const double x : {32.0, 64.0, 96.0}) {
      series.line.push_back({x, x});
      series.intervals.push_back({x, x - 5, x + 5});
    }
    figure.series.push_back(series);
  }
  return figure;
}

TEST(LineFigures, DrawEachIntervalAtThePlaceOfItsValueAndBesideTheOtherSeries) {
  test::RecordingCanvas canvas;
  draw(two_series_with_intervals()).print(canvas, {400, 300});
  std::vector<float> uprights;
  std::vector<std::vector<plot::Point>> lines;
  for (const auto& polyline : canvas.polylines) {
    const bool upright = polyline.size() == 2 && polyline[0].x == polyline[1].x;
    if (upright) uprights.push_back(polyline[0].x);
    if (polyline.size() == 3 && polyline[0].x < polyline[1].x) lines.push_back(polyline);
  }
  ASSERT_EQ(uprights.size(), 6U);
  ASSERT_EQ(lines.size(), 2U);
  for (std::size_t at = 0; at < 3; ++at) {
    EXPECT_FLOAT_EQ(uprights[at], lines[0][at].x);
    EXPECT_FLOAT_EQ(uprights[at + 3], lines[1][at].x);
    EXPECT_NEAR(lines[1][at].x - lines[0][at].x, 3, 0.01) << "beside each other";
  }
  EXPECT_GT(uprights[1] - uprights[0], 100);
  EXPECT_NEAR(uprights[2] - uprights[1], uprights[1] - uprights[0], 0.01) << "equally far apart";
}

}  // namespace
}  // namespace sketchscope::report
