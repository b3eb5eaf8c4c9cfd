#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/gui/panels/panel_stage.hpp"

namespace sketchscope::panels {
namespace {

using test::PanelStage;
using ::testing::HasSubstr;
using ::testing::Not;

/// The sketch's panel beside a second run of another width.
class TwoSketches : public ::testing::Test {
 protected:
  TwoSketches() {
    stage_.place = plot::Rect{0, 0, 700, 200};
    stage_.advance(80);
    other_.set("sketch_width", "64");
    stage_.other.emplace();
    for (int step = 0; step < 80; ++step) stage_.other->append(other_.step());
    put_beside(other_.state());
  }
  void put_beside(run::LiveState state) {
    state.place = 1;
    stage_.state.others = {std::make_shared<const run::LiveState>(std::move(state))};
  }
  /// The left ends of the words "1" that name a row.
  [[nodiscard]] int tables() const {
    return static_cast<int>(std::ranges::count(stage_.canvas.texts, std::string("1"),
                                               &test::RecordingCanvas::Text::words));
  }

  PanelStage stage_{"sketch"};
  test::InventedRun other_{{.seed = 2}};
};

TEST_F(TwoSketches, StandBesideEachOtherWithTheirShapes) {
  stage_.draw();
  EXPECT_EQ(tables(), 2);
  EXPECT_THAT(stage_.canvas.words(), HasSubstr("A\n"));
  EXPECT_THAT(stage_.canvas.words(), HasSubstr("4 × 512"));
  EXPECT_THAT(stage_.canvas.words(), HasSubstr("B\n"));
  EXPECT_THAT(stage_.canvas.words(), HasSubstr("4 × 64"));
}

TEST_F(TwoSketches, KeepTheirWordsApart) {
  stage_.draw();
  const auto& texts = stage_.canvas.texts;
  for (std::size_t one = 0; one < texts.size(); ++one) {
    for (std::size_t other = one + 1; other < texts.size(); ++other) {
      const plot::Rect &a = texts[one].bounds, &b = texts[other].bounds;
      const float width = std::min(a.right, b.right) - std::max(a.left, b.left);
      const float height = std::min(a.bottom, b.bottom) - std::max(a.top, b.top);
      EXPECT_FALSE(width > 1 && height > 1) << texts[one].words << " and " << texts[other].words;
    }
  }
}

TEST_F(TwoSketches, AreOneWhereTheSecondIsNotKnownOrHasNone) {
  run::LiveState state = other_.state();
  for (run::LayerState& layer : state.layers) layer.cells.clear();
  put_beside(state);
  stage_.draw();
  EXPECT_EQ(tables(), 1);
  EXPECT_THAT(stage_.canvas.words(), Not(HasSubstr("B\n")));
  state.layers.clear();
  put_beside(std::move(state));
  stage_.draw();
  EXPECT_EQ(tables(), 1);
}

TEST_F(TwoSketches, AreOneInANarrowCard) {
  stage_.place = plot::Rect{0, 0, 300, 200};
  stage_.draw();
  EXPECT_EQ(tables(), 1);
}

TEST_F(TwoSketches, ShowTheSecondWhereOnlyThatHasOne) {
  for (run::LayerState& layer : stage_.state.layers) layer.cells.clear();
  stage_.draw();
  EXPECT_EQ(tables(), 1);
  EXPECT_THAT(stage_.canvas.words(), HasSubstr("This policy uses no sketch"));
  EXPECT_THAT(stage_.canvas.words(), HasSubstr("4 × 64"));
}

TEST_F(TwoSketches, NameThePositionsOfTheOneUnderTheMouse) {
  for (const float x : {180.0F, 480.0F}) {
    stage_.draw({.at = plot::Point{x, 80}});
    EXPECT_THAT(stage_.overlay.words(), HasSubstr("row ")) << x;
    const bool second = x > 350;
    const std::string counter = stage_.overlay.words();
    const int column = std::stoi(counter.substr(counter.find("counter ") + 8));
    EXPECT_EQ(column < 64, second) << counter;
  }
}

}  // namespace
}  // namespace sketchscope::panels
