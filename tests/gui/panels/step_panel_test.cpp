#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "gui/view/step_timeline.hpp"
#include "tests/gui/panels/panel_stage.hpp"
#include "tests/support/invented_trace.hpp"

namespace sketchscope::panels {
namespace {

using test::PanelStage;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

/// A stage of the panel alone in a large card, after some steps.
class StepPanelStage : public ::testing::Test {
 protected:
  StepPanelStage() {
    stage_.place = plot::Rect{20, 60, 1990, 560};
    stage_.advance(40);
  }

  // The place of the first bar of a name in the last frame; its name must fit into it.
  plot::Point on(std::string_view name) {
    for (const auto& text : stage_.canvas.texts) {
      if (text.visible && text.words == name) return text.bounds.center();
    }
    ADD_FAILURE() << "no " << name << " in\n" << stage_.canvas.words();
    return {};
  }

  PanelStage stage_{"step"};
};

TEST_F(StepPanelStage, ShowsTheOperationsOfTheStepAndTheirMeans) {
  stage_.draw();
  EXPECT_THAT(stage_.canvas.words(), AllOf(HasSubstr("helper 1"), HasSubstr("vocabulary"),
                                           HasSubstr("mean of 40 steps"), HasSubstr("of bound")));
  EXPECT_THAT(stage_.subtitle, HasSubstr("step 39 · 2 threads"));
  stage_.selection.locked_step = 7;
  stage_.draw();
  EXPECT_THAT(stage_.subtitle, HasSubstr("step 7 "));
}

TEST_F(StepPanelStage, SaysOfABarWhatItMovesAndHowFarItIsFromItsBound) {
  stage_.draw();
  stage_.draw({.at = on("vocabulary")});
  EXPECT_THAT(stage_.overlay.words(),
              AllOf(HasSubstr("vocabulary"), HasSubstr("2.86 MiB"), HasSubstr("750,000"),
                    HasSubstr("of the memory's rate")));
}

TEST_F(StepPanelStage, ZoomsAroundTheMouseAndShowsAllAgain) {
  stage_.draw();
  const auto names = [&](std::string_view name) {
    return std::ranges::count_if(stage_.canvas.texts,
                                 [&](const auto& text) { return text.words == name; });
  };
  const plot::Point at = on("layer 3");
  for (int notch = 0; notch < 4; ++notch) stage_.draw({.at = at, .wheel = 3});
  stage_.draw({.at = at});
  EXPECT_GT(names("up projection"), 1) << "not in the table alone";
  EXPECT_EQ(names("layer 0"), 0) << "out of sight";
  stage_.draw({.at = at, .double_clicked = true});
  stage_.draw();
  EXPECT_EQ(names("layer 0"), 1);
}

TEST_F(StepPanelStage, AsksOnceForThePeakRatesThatItRelatesTo) {
  const auto asked = [&] {
    return std::ranges::count_if(stage_.sent, [](const auto& sent) {
      return std::holds_alternative<run::command::MeasureMachine>(sent.first);
    });
  };
  stage_.draw();
  EXPECT_EQ(asked(), 0) << "they are known";
  stage_.state.machine.reset();
  stage_.draw();
  stage_.draw();
  EXPECT_EQ(asked(), 1);
  EXPECT_THAT(stage_.canvas.words(), Not(HasSubstr("arithmetic")));
}

TEST_F(StepPanelStage, PutsAComparedRunBelowAndLetsBothStepApart) {
  auto other = std::make_shared<run::LiveState>();
  other->step_traces = {std::make_shared<const trace::StepTrace>(
      test::invented_trace(39, {.layers = 6, .evicts = false, .begin_ns = 7}))};
  other->place = 1;
  stage_.state.others = {other};
  stage_.draw();
  EXPECT_THAT(stage_.canvas.words(), AllOf(HasSubstr("B ms"), HasSubstr("A and B apart")));
  const auto lines = std::ranges::count_if(
      stage_.canvas.texts, [](const auto& text) { return text.words == "helper 1"; });
  EXPECT_EQ(lines, 2);
  other->step_traces = {stage_.state.step_traces.back()};
  stage_.draw();
  EXPECT_THAT(stage_.subtitle, HasSubstr("A and B in one pass"));
}

TEST_F(StepPanelStage, SaysWhereAStepIsNotKept) {
  stage_.state.step_traces.erase(stage_.state.step_traces.begin(),
                                 stage_.state.step_traces.begin() + 10);
  stage_.selection.locked_step = 3;
  stage_.draw();
  EXPECT_THAT(stage_.canvas.words(), HasSubstr("This step is not kept"));
}

TEST(PagesPanel, SaysWhoHoldsAPage) {
  PanelStage stage("pages");
  stage.advance(200);
  stage.draw();
  EXPECT_THAT(stage.canvas.words(), AllOf(HasSubstr("this run"), HasSubstr("its twin"),
                                          HasSubstr("keyframes"), HasSubstr("free 20")));
  const plot::Rect area = stage.area();
  stage.draw({.at = plot::Point{area.left + 3, area.top + 40}});
  EXPECT_THAT(stage.overlay.words(), AllOf(HasSubstr("page 0"), HasSubstr("this run")));
}

TEST(AllocationsPanel, ShowsADeviceWhereThereIsOneAndElseSaysThatThereIsNone) {
  PanelStage without("allocations");
  without.advance(50);
  without.draw();
  EXPECT_THAT(without.subtitle, HasSubstr("no GPU in use"));
  PanelStage with("allocations", {.device = true});
  with.advance(50);
  with.draw();
  EXPECT_THAT(with.subtitle, AllOf(HasSubstr("device"), HasSubstr("of 22.4 GiB")));
  EXPECT_EQ(with.canvas.polylines.size(), without.canvas.polylines.size() + 1);
}

}  // namespace
}  // namespace sketchscope::panels
