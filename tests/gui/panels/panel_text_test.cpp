#include "gui/panels/panel_text.hpp"

#include <gtest/gtest.h>

#include "tests/support/recording_canvas.hpp"

namespace sketchscope::panels {
namespace {

float width_of(std::string_view text) {
  return test::RecordingCanvas().measure(text, {}).width;
}

TEST(FittedParts, DropsWholePartsFromTheEnd) {
  const test::RecordingCanvas canvas;
  const std::string all = "layer 0 · 4 × 256, log scale · approximate";
  EXPECT_EQ(fitted_parts(canvas, all, {}, width_of(all)), all);
  EXPECT_EQ(fitted_parts(canvas, all, {}, width_of(all) - 1), "layer 0 · 4 × 256, log scale");
  EXPECT_EQ(fitted_parts(canvas, all, {}, width_of("layer 0 · 4 × 256")), "layer 0 · 4 × 256");
  EXPECT_EQ(fitted_parts(canvas, all, {}, width_of("layer 0 · 4")), "layer 0");
  EXPECT_EQ(fitted_parts(canvas, all, {}, width_of("layer")), "") << "no word is cut";
}

TEST(FittedText, KeepsTheLongestBeginningThatFitsBeforeItsEllipsis) {
  const test::RecordingCanvas canvas;
  const std::string all = "„Öl“ · 4 × 256 ≥ 3";
  for (float width = 0; width < width_of(all) + 2; width += 0.5F) {
    std::string longest = width_of(all) <= width ? all : "…";
    for (std::size_t end = 0; end < all.size() && longest != all; ++end) {
      const bool within_a_letter = (static_cast<unsigned char>(all[end]) & 0xC0) == 0x80;
      const std::string shortened = all.substr(0, end) + "…";
      if (!within_a_letter && width_of(shortened) <= width) longest = shortened;
    }
    EXPECT_EQ(fitted_text(canvas, all, {}, width), longest) << width;
  }
}

}  // namespace
}  // namespace sketchscope::panels
