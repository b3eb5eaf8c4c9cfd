#include <gmock/gmock.h>

#include <cmath>

#include "engine/branch/branch_run.hpp"
#include "tests/gui/panels/panel_stage.hpp"

namespace sketchscope::panels {
namespace {

using test::PanelStage;
using ::testing::HasSubstr;

std::vector<branch::DrawnToken> drawn(const std::vector<int>& tokens) {
  std::vector<branch::DrawnToken> all;
  for (const int token : tokens) {
    all.push_back({.token = token, .log_probability = std::log(0.3), .entropy = 0.45});
  }
  return all;
}

/// Three paths over an invented run.
void show_paths(PanelStage& stage, int prompt_tokens) {
  stage.advance(40);
  branch::BranchState state{.tree = branch::PathTree(prompt_tokens)};
  for (int step = 0; step < 12; ++step) state.tree.grow(0, drawn({step}));
  state.tree.grow(0, drawn({20, 21, 22}));
  state.cost.tokens_forwarded = 1234;
  state.prompt_shared_tokens = 2345;
  state.independent_tokens = 3456;
  stage.state.branching = std::make_shared<const branch::BranchState>(std::move(state));
  stage.draw();
}

TEST(BranchingPanel, HasARowForEveryPathAndNamesWhatItCosts) {
  PanelStage stage("branching");
  show_paths(stage, 10);
  for (const char* item : {"Branching/path_0", "Branching/path_1", "Branching/path_2"}) {
    EXPECT_TRUE(stage.items.find(item)) << item;
  }
  const std::string words = stage.canvas.words();
  EXPECT_THAT(words, HasSubstr("1,234"));
  EXPECT_THAT(words, HasSubstr("2,345"));
  EXPECT_THAT(words, HasSubstr("3,456"));
  EXPECT_EQ(stage.readout, "watching path 0 · rank 1 of 3");
}

TEST(BranchingPanel, HasEveryKnobOfBranching) {
  PanelStage stage("branching");
  show_paths(stage, 10);
  for (const settings::KnobInfo& knob : settings::knob_table()) {
    if (knob.group != settings::KnobGroup::branching) continue;
    EXPECT_TRUE(stage.items.find("Knobs/" + std::string(knob.name))) << knob.name;
  }
}

TEST(BranchingPanel, WatchesThePathThatIsClicked) {
  PanelStage stage("branching");
  show_paths(stage, 10);
  const plot::Point at = stage.items.find("Branching/path_2")->rect.center();
  stage.draw({.at = at});
  stage.draw({.at = at}, true);
  stage.draw({.at = at}, false);
  ASSERT_FALSE(stage.sent.empty());
  const auto* watch = std::get_if<run::command::WatchPath>(&stage.sent.back().first);
  ASSERT_NE(watch, nullptr);
  EXPECT_EQ(watch->path, 2);
}

TEST(BranchingPanel, SendsTheThresholdThatIsDraggedInTheCurve) {
  PanelStage stage("branching");
  show_paths(stage, 10);
  const plot::Rect curve = stage.items.find("Branching/threshold")->rect;
  const plot::Point low{curve.center().x, curve.bottom - curve.height() * 0.1F};
  stage.draw({.at = low});
  stage.draw({.at = low}, true);
  stage.draw({.at = low}, true);
  ASSERT_FALSE(stage.sent.empty());
  const auto* set = std::get_if<run::command::SetKnob>(&stage.sent.back().first);
  ASSERT_NE(set, nullptr);
  EXPECT_EQ(set->name, "threshold");
  EXPECT_NEAR(std::stod(set->value), 0.05, 0.011);
}

}  // namespace
}  // namespace sketchscope::panels
