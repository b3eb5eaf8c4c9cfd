#include "gui/plot/wrapped_text.hpp"

#include <gmock/gmock.h>

#include "tests/support/recording_canvas.hpp"

namespace sketchscope::plot {
namespace {

TEST(WrappedLines, HoldAllWordsAndAreNoWiderThanTheirRoom) {
  const test::RecordingCanvas canvas;
  const TextStyle style{};
  const std::string text = "top token changed in 3 of 20 steps since";
  for (const float width : {60.0F, 90.0F, 150.0F, 900.0F}) {
    std::string joined;
    for (const std::string& line : wrapped_lines(canvas, text, style, width)) {
      EXPECT_LE(canvas.measure(line, style).width, width) << line;
      joined += (joined.empty() ? "" : " ") + line;
    }
    EXPECT_EQ(joined, text) << width;
  }
  EXPECT_TRUE(wrapped_lines(canvas, "", style, 100).empty());
}

TEST(WrappedLines, KeepTheTextOfATokenTogether) {
  const test::RecordingCanvas canvas;
  const TextStyle style{};
  const float width = canvas.measure("position 11 “", style).width + 1;
  EXPECT_THAT(wrapped_lines(canvas, "position 11 “ out”", style, width),
              ::testing::ElementsAre("position 11", "“ out”"));
}

}  // namespace
}  // namespace sketchscope::plot
