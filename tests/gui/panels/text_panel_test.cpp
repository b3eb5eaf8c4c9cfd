// The text is laid out as it grows, and has to look as if it was laid out at once.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "tests/gui/panels/panel_stage.hpp"

namespace sketchscope::panels {
namespace {

using test::PanelStage;

/// Words with their places.
using Words = std::vector<std::pair<std::string, plot::Rect>>;

Words words_of(PanelStage& stage) {
  stage.draw();
  Words words;
  for (const auto& text : stage.canvas.texts) words.emplace_back(text.words, text.bounds);
  return words;
}

/// Returns the words of a text that another panel draws for the first time.
Words drawn_at_once(const PanelStage& like) {
  PanelStage stage("text");
  stage.history = like.history;
  stage.state = like.state;
  stage.selection.locked_step = like.selection.locked_step;
  stage.place = like.place;
  return words_of(stage);
}

void expect_as_at_once(PanelStage& stage) {
  const Words grown = words_of(stage);
  const Words at_once = drawn_at_once(stage);
  ASSERT_FALSE(grown.empty());
  ASSERT_EQ(grown.size(), at_once.size());
  for (std::size_t i = 0; i < grown.size(); ++i) {
    ASSERT_EQ(grown[i].first, at_once[i].first);
    ASSERT_EQ(grown[i].second.left, at_once[i].second.left) << grown[i].first;
    ASSERT_EQ(grown[i].second.top, at_once[i].second.top) << grown[i].first;
  }
}

TEST(TextPanel, GrowsAsItIsLaidOutAtOnce) {
  PanelStage stage("text");
  for (int step = 0; step < 150; ++step) {
    stage.advance(1);
    expect_as_at_once(stage);
  }
}

TEST(TextPanel, EndsAtTheStepThatIsShownAndGoesOnFromThere) {
  PanelStage stage("text");
  stage.advance(120);
  expect_as_at_once(stage);
  const std::size_t all = words_of(stage).size();
  stage.place = plot::Rect{0, 0, 700, 2000};
  stage.selection.locked_step = 40;
  expect_as_at_once(stage);
  EXPECT_LT(words_of(stage).size(), std::max<std::size_t>(all, 120));
  stage.selection.locked_step = std::nullopt;
  expect_as_at_once(stage);
}

TEST(TextPanel, IsLaidOutAnewForAnotherWidthAndAnotherRun) {
  PanelStage stage("text");
  stage.advance(100);
  for (const float width : {300.0F, 900.0F, 410.0F}) {
    stage.place = plot::Rect{0, 0, width, 300};
    expect_as_at_once(stage);
  }
  PanelStage other("text", {.seed = 5});
  other.advance(100);
  stage.history = other.history;
  stage.state = other.state;
  expect_as_at_once(stage);
}

}  // namespace
}  // namespace sketchscope::panels
