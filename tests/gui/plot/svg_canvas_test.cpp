#include "gui/plot/svg_canvas.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>

#include "gui/plot/canvas.hpp"

namespace sketchscope::plot {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

int count(const std::string& text, std::string_view part) {
  int found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++found;
  }
  return found;
}

TEST(SvgCanvas, EscapesWhatXmlWouldReadAsMarkup) {
  SvgCanvas canvas({100, 50}, Theme{});
  canvas.text({0, 0}, "a < b & \"c\"\x01\xEF\xBF\xBE", {});
  const std::string svg = canvas.document("--policy <none>");
  EXPECT_THAT(svg, HasSubstr("a &lt; b &amp; &quot;c&quot;  </text>"));
  EXPECT_THAT(svg, HasSubstr("<desc>--policy &lt;none&gt;</desc>"));
}

TEST(SvgCanvas, MergesEqualNeighboursOfAnImage) {
  SvgCanvas canvas({100, 50}, Theme{});
  const Color red = Color::hex(0xff0000);
  const Color blue = Color::hex(0x0000ff);
  canvas.image("x", {0, 0, 100, 50}, {4, 1, {red, red, red, blue}});
  const std::string svg = canvas.document("");
  EXPECT_EQ(count(svg, "#ff0000"), 1);
  EXPECT_THAT(svg, HasSubstr("width=\"75\""));
}

TEST(SvgCanvas, FillsAnAreaAsOneShape) {
  SvgCanvas canvas({100, 50}, Theme{});
  const std::array<Point, 3> line = {Point{0, 10}, Point{50, 20}, Point{90, 5}};
  canvas.fill_under(line, 40, Color::hex(0xff0000));
  const std::string svg = canvas.document("");
  EXPECT_THAT(svg, HasSubstr("points=\"0,10 50,20 90,5 90,40 0,40\" fill=\"#ff0000\""));
}

TEST(SvgCanvas, ClosesTheGroupsItsClipsOpened) {
  SvgCanvas canvas({100, 50}, Theme{});
  {
    const Clip outer(canvas, {0, 0, 50, 50});
    const Clip inner(canvas, {0, 0, 20, 20});
    canvas.line({0, 0}, {10, 10}, {});
  }
  const std::string svg = canvas.document("");
  EXPECT_EQ(count(svg, "<g"), count(svg, "</g>"));
  EXPECT_EQ(count(svg, "<clipPath"), 2);
}

TEST(SvgCanvas, WritesNumbersWithoutExponentOrTrailingZeros) {
  SvgCanvas canvas({100, 50}, Theme{});
  canvas.fill({1e-7F, -0.0F, 12345.5F, 2}, {}, 0);
  const std::string svg = canvas.document("");
  EXPECT_THAT(svg, HasSubstr("x=\"0\" y=\"0\" width=\"12345.5\" height=\"2\""));
  EXPECT_THAT(svg, Not(HasSubstr("e-")));
}

TEST(EstimateTextSize, CountsLettersNotBytes) {
  const TextStyle style;
  EXPECT_EQ(estimate_text_size(Theme{}, "εδ→", style).width,
            estimate_text_size(Theme{}, "abc", style).width);
}

TEST(Dashes, CoverTheShareOfTheLineThatThePatternAsksFor) {
  const std::array<Point, 3> corner = {Point{0, 0}, Point{70, 0}, Point{70, 70}};
  const Stroke stroke{.color = {}, .width = 1, .dash = Dash::dashed};
  const auto [dash, gap] = dash_lengths(stroke);
  float drawn = 0;
  for_each_dash(corner, stroke, [&](std::span<const Point> piece) {
    float length = 0;
    for (std::size_t i = 1; i < piece.size(); ++i) {
      length += std::hypot(piece[i].x - piece[i - 1].x, piece[i].y - piece[i - 1].y);
    }
    EXPECT_LE(length, dash + 1e-3F);
    drawn += length;
  });
  EXPECT_NEAR(drawn, 140 * dash / (dash + gap), dash);
}

TEST(Dashes, LeaveASolidLineWhole) {
  const std::array<Point, 2> line = {Point{0, 0}, Point{70, 0}};
  int pieces = 0;
  for_each_dash(line, {}, [&](std::span<const Point> piece) {
    EXPECT_EQ(piece.size(), line.size());
    ++pieces;
  });
  EXPECT_EQ(pieces, 1);
}

TEST(SvgCanvas, LeavesOutWhatHasNoPlace) {
  SvgCanvas canvas({100, 50}, Theme{});
  const std::string empty = canvas.document("");
  const float none = std::nanf("");
  const float far = std::numeric_limits<float>::infinity();
  canvas.line({0, none}, {1, 1}, {});
  canvas.rect({0, 0, far, 1}, {}, 3);
  canvas.fill({none, 0, 1, 1}, {}, 3);
  canvas.fill_circle({1, 1}, none, {});
  canvas.fill_circle({1, 1}, 1e-7F, {});
  canvas.fill_circle({1, 1}, -1, {});
  canvas.text({none, 0}, "words", {});
  canvas.image("x", {0, 0, none, 50}, {1, 1, {Color::hex(0xff0000)}});
  canvas.fill_polygon(std::array{Point{0, 0}, Point{1, 0}, Point{none, 1}}, {});
  EXPECT_EQ(canvas.document(""), empty);
}

TEST(SvgCanvas, DrawsThePartsOfALineBetweenWhatHasNoPlace) {
  SvgCanvas canvas({100, 50}, Theme{});
  const float none = std::nanf("");
  canvas.polyline(std::array{Point{0, 1}, Point{2, 3}, Point{4, none}, Point{6, 7}, Point{8, 9}},
                  {});
  const std::string svg = canvas.document("");
  EXPECT_THAT(svg, HasSubstr("points=\"0,1 2,3\""));
  EXPECT_THAT(svg, HasSubstr("points=\"6,7 8,9\""));
}

TEST(SvgCanvas, DrawsStrokesInProportionToItsText) {
  SvgCanvas canvas({100, 50}, Theme{}.scaled(2));
  canvas.line({0, 0}, {10, 10}, {.width = 1.5F});
  EXPECT_THAT(canvas.document(""), HasSubstr("stroke-width=\"3\""));
}

}  // namespace
}  // namespace sketchscope::plot
