#include "gui/platform/pdf_canvas.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <regex>

namespace sketchscope::platform {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(PdfCanvas, WritesAPageOfItsSizeInPoints) {
  PdfCanvas canvas({200, 100}, 0.75F, plot::Theme{});
  canvas.line({0, 0}, {10, 10}, {});
  const std::string pdf = canvas.document("the configuration");
  EXPECT_THAT(pdf, StartsWith("%PDF-1.4"));
  std::smatch box;
  const std::regex pattern(R"(/MediaBox \[ 0 0 ([0-9.]+) ([0-9.]+))");
  ASSERT_TRUE(std::regex_search(pdf, box, pattern));
  EXPECT_NEAR(std::stod(box[1]), 150, 0.01);
  EXPECT_NEAR(std::stod(box[2]), 75, 0.01);
  EXPECT_THAT(pdf, HasSubstr("the configuration"));
}

TEST(PdfCanvas, EmbedsTheFontsOfItsTexts) {
  PdfCanvas canvas({200, 100}, 1, plot::Theme{});
  canvas.text({10, 10}, "Next-token KL", {});
  canvas.text({10, 30}, "0.125", {.face = plot::Face::mono});
  const std::string pdf = canvas.document("");
  // A font that is embedded has a file; one that is not is only named.
  EXPECT_TRUE(std::regex_search(pdf, std::regex("/FontFile[23]?")));
}

TEST(PdfCanvas, MeasuresTextsInProportionToTheirSize) {
  const PdfCanvas canvas({200, 100}, 1, plot::Theme{});
  const plot::Size small = canvas.measure("evictions", {.size = plot::TextSize::small});
  const plot::Size large = canvas.measure("evictions", {.size = plot::TextSize::large});
  const plot::Theme theme;
  EXPECT_NEAR(large.width / small.width, theme.large_text / theme.small_text, 0.05);
  EXPECT_GT(small.width, 9 * 0.3F * theme.small_text);
}

TEST(PdfCanvas, LeavesOutWhatHasNoPlaceAndStaysWhole) {
  PdfCanvas canvas({200, 100}, 1, plot::Theme{});
  const float none = std::nanf("");
  canvas.line({none, 0}, {1, 1}, {});
  canvas.fill({0, 0, none, 1}, {}, 4);
  canvas.fill_circle({1, none}, 3, {});
  canvas.text({none, 1}, "words", {});
  {
    const plot::Clip clip(canvas, {none, 0, 1, 1});
    canvas.fill({0, 0, 10, 10}, {}, 0);
  }
  canvas.image("x", {0, 0, 10, 10}, {1, 1, {plot::Color::hex(0xff0000)}});
  EXPECT_THAT(canvas.document(""), StartsWith("%PDF-"));
}

}  // namespace
}  // namespace sketchscope::platform
