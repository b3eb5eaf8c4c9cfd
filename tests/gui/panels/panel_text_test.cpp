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

}  // namespace
}  // namespace sketchscope::panels
