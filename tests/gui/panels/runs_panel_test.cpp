#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "tests/gui/panels/panel_stage.hpp"

namespace sketchscope::panels {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// A run in front and three beside it.
class RunsOnStage : public ::testing::Test {
 protected:
  RunsOnStage() {
    stage_.advance(120);
    settings::Knobs knobs = stage_.state.applied;
    std::vector<view::SetRun> runs = {
        {.place = 0, .name = "sketch 128", .history = &stage_.history, .knobs = knobs}};
    for (std::size_t place = 1; place < 4; ++place) {
      test::InventedRun run({.seed = 10 + place});
      for (int step = 0; step < 120; ++step) beside_[place].append(run.step());
      knobs.max_cache_size = 128 - 16 * static_cast<int>(place);
      runs.push_back({.place = place,
                      .name = "max_cache_size " + std::to_string(knobs.max_cache_size),
                      .history = &beside_[place],
                      .knobs = knobs});
    }
    stage_.runs = view::RunSet{.runs = std::move(runs), .choice = {}};
    stage_.draw();
  }

  void click(const std::string& item) {
    const auto found = stage_.items.find(item);
    ASSERT_TRUE(found.has_value()) << item;
    stage_.click(found->rect.center());
    stage_.draw();
  }
  [[nodiscard]] const view::RunSetChoice& choice() const { return stage_.runs->choice; }

  std::array<view::History, 4> beside_;
  test::PanelStage stage_{"runs"};
};

TEST_F(RunsOnStage, AreListedWithTheirValuesAtTheStepShown) {
  stage_.selection.locked_step = 100;
  stage_.draw();
  const double a = stage_.history.series<&record::StepRecord::logit_kl>()[100];
  const double c = beside_[2].series<&record::StepRecord::logit_kl>()[100];
  EXPECT_THAT(stage_.canvas.words(), HasSubstr(plot::fixed_text(a, 3)));
  EXPECT_THAT(stage_.canvas.words(), HasSubstr(plot::fixed_text(c, 3)));
  const std::string sign = c < a ? "−" : "+";
  EXPECT_THAT(stage_.canvas.words(), HasSubstr(sign + plot::fixed_text(std::abs(c - a), 3)));
  EXPECT_THAT(stage_.canvas.words(), HasSubstr("max_cache_size 96"));
  EXPECT_EQ(stage_.readout, "4 runs");
}

TEST_F(RunsOnStage, AreListedWithTheirMeansWhileNobodyPointsAtAStep) {
  stage_.selection.window.show({40, 59}, 120);
  stage_.draw();
  const auto mean = [](const view::History& history) {
    double sum = 0;
    for (std::size_t step = 40; step < 60; ++step) {
      sum += history.series<&record::StepRecord::logit_kl>()[step];
    }
    return sum / 20;
  };
  EXPECT_THAT(stage_.canvas.words(), HasSubstr("mean\n"));
  EXPECT_THAT(stage_.canvas.words(), HasSubstr(plot::fixed_text(mean(stage_.history), 3)));
  EXPECT_THAT(stage_.canvas.words(), HasSubstr(plot::fixed_text(mean(beside_[3]), 3)));
}

TEST_F(RunsOnStage, AreHiddenAndShownByTheirLetters) {
  click("Runs/C/letter");
  EXPECT_TRUE(choice().hidden[2]);
  click("Runs/C/letter");
  EXPECT_FALSE(choice().hidden[2]);
  EXPECT_EQ(choice().reference, 0U) << "a click on the letter chooses nothing else";
}

TEST_F(RunsOnStage, AreComparedWithTheOneThatIsClicked) {
  click("Runs/D");
  EXPECT_EQ(choice().reference, 3U);
  EXPECT_THAT(stage_.canvas.words(), HasSubstr("less D"));
  click("Runs/difference");
  EXPECT_TRUE(choice().difference);
  EXPECT_THAT(stage_.subtitle, HasSubstr("less D"));
}

TEST_F(RunsOnStage, AreRemovedByTheActionOfTheirPlace) {
  click("Runs/B/remove");
  EXPECT_THAT(stage_.actions, ElementsAre("remove_run_b"));
  EXPECT_FALSE(stage_.items.find("Runs/A/remove").has_value()) << "A stays";
}

TEST_F(RunsOnStage, AreSmoothedOverMoreAndMoreStepsAndThenNotAtAll) {
  for (const int steps : {4, 16, 64, 1}) {
    click("Runs/smooth");
    EXPECT_EQ(choice().smoothing, steps);
  }
}

TEST_F(RunsOnStage, HaveTheirCurvesInTheTable) {
  click("Runs/C/letter");
  click("Runs/by_seed");
  EXPECT_TRUE(choice().by_seed);
  const view::DataTable table = view::curves_data(*stage_.runs, view::run_curves(*stage_.runs, 0));
  EXPECT_THAT(table.columns, ElementsAre("step", "A", "B", "D"));
}

TEST(OneRun, SaysHowToAddAnother) {
  test::PanelStage stage("runs");
  stage.advance(10);
  stage.draw();
  EXPECT_THAT(stage.canvas.words(), HasSubstr("There is one run"));
}

}  // namespace
}  // namespace sketchscope::panels
