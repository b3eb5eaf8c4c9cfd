#include <gmock/gmock.h>

#include "engine/study/study_table.hpp"
#include "tests/gui/panels/panel_stage.hpp"

namespace sketchscope::panels {
namespace {

using test::PanelStage;
using ::testing::HasSubstr;
using ::testing::Not;

class StudyTableCard : public ::testing::Test {
 protected:
  StudyTableCard() {
    stage_.advance(5);
    stage_.study =
        view::StudySheet{.name = "small",
                         .question = "Which?",
                         .model = stage_.model.name,
                         .prompt = "Once",
                         .columns = {{"policy", "policy", view::SheetFormat::words, "window"},
                                     {"logit_kl", "logit KL", view::SheetFormat::number, "0.25"}}};
    add("window", 0.5);
    add("tova", 0.25);
    stage_.draw();
  }

  void add(const std::string& policy, double kl) {
    stage_.study->rows.push_back({.name = policy + "-64",
                                  .knobs = {.policy = policy, .max_cache_size = 64},
                                  .cells = {{policy, {}}, {std::to_string(kl).substr(0, 4), kl}}});
  }
  void click(const std::string& item) {
    stage_.sent.clear();
    stage_.click(stage_.items.find(item)->rect.center());
  }
  /// A widget of ImGui's, with its mouse.
  void press(const std::string& item) {
    const plot::Point at = stage_.items.find(item)->rect.center();
    stage_.draw({.at = at});
    stage_.draw({.at = at}, true);
    stage_.draw({.at = at});
  }
  template <class Wanted>
  [[nodiscard]] const Wanted& sent(std::size_t index) const {
    return std::get<Wanted>(stage_.sent.at(index).first);
  }

  PanelStage stage_{"study"};
};

TEST_F(StudyTableCard, SaysWhatToDoWhereNoneIsOpen) {
  stage_.study.reset();
  stage_.draw();
  EXPECT_THAT(stage_.canvas.words(), HasSubstr("No study is open"));
}

TEST_F(StudyTableCard, SaysOverHowManyTextsItsIntervalsAre) {
  EXPECT_EQ(stage_.readout, "2 of 2");
  stage_.study->texts = 12;
  stage_.draw();
  EXPECT_EQ(stage_.readout, "2 of 2 · 95 % over 12 texts");
}

TEST_F(StudyTableCard, RunsARowWithItsKnobsFromTheStudysPrompt) {
  click("Study/row_1");
  EXPECT_EQ(sent<run::command::SetKnobs>(0).knobs, stage_.study->rows[1].knobs);
  EXPECT_EQ(sent<run::command::Restart>(1).prompt, "Once");
  for (const auto& [command, tag] : stage_.sent) EXPECT_EQ(tag, "");  // none replaces another
}

TEST_F(StudyTableCard, TellsWhichRowsWereChosenAndTakesThatUp) {
  EXPECT_EQ(stage_.panel->choice(), PanelChoice());
  press("Study/logit_kl");
  EXPECT_EQ(stage_.panel->choice(), (PanelChoice{.order = "logit_kl"}));
  press("Study/logit_kl");
  EXPECT_EQ(stage_.panel->choice(), (PanelChoice{.order = "logit_kl", .descending = true}));
  stage_.panel->choose({.filter = "tova", .order = "policy"});
  stage_.draw();
  EXPECT_EQ(stage_.readout, "1 of 2");
  EXPECT_EQ(stage_.panel->choice().order, "policy");
  stage_.panel->choose({.order = "no such column"});
  stage_.draw();
  EXPECT_EQ(stage_.panel->choice().order, "") << "the study's own order";
}

TEST_F(StudyTableCard, ComparesTheRunWithARowByItsB) {
  const settings::Knobs own = stage_.state.wanted;
  click("Study/row_0/b");
  EXPECT_EQ(sent<run::command::SetKnobs>(0).knobs, stage_.study->rows[0].knobs);
  (void)sent<run::command::Compare>(1);
  EXPECT_EQ(sent<run::command::SetKnobs>(2).knobs, own);
  EXPECT_EQ(sent<run::command::Restart>(3).prompt, "Once");
}

TEST_F(StudyTableCard, SetsTheOthersAgainstARowByItsMark) {
  const auto row = [](const std::string& name, double loss) {
    study::StudyRow made{.name = name};
    for (const double more : {0.0, 0.2, 0.1}) {
      made.texts.push_back({.steps = 9, .figures = {{"tokens", 9}, {"nll", loss + more}}});
    }
    return made;
  };
  stage_.study->knob_columns = 1;
  stage_.study->measured = std::make_shared<const view::StudyRows>(
      view::StudyRows{row("window-64", 2), row("tova-64", 1.9)});
  click("Study/row_0/against");
  EXPECT_TRUE(stage_.sent.empty()) << "no run begins";
  EXPECT_EQ(stage_.panel->choice().reference, "window-64");
  stage_.draw();
  EXPECT_THAT(stage_.subtitle, HasSubstr("each against window-64"));
  EXPECT_THAT(stage_.canvas.words(), HasSubstr("× ref."));
  EXPECT_THAT(stage_.canvas.words(), HasSubstr("R\n"));
  EXPECT_TRUE(stage_.items.find("Study/paired_ratio")) << "it sorts";
  click("Study/row_0/against");
  EXPECT_EQ(stage_.panel->choice().reference, "");
  stage_.draw();
  EXPECT_THAT(stage_.canvas.words(), Not(HasSubstr("× ref.")));
  stage_.panel->choose({.reference = "a row of another study"});
  stage_.draw();
  EXPECT_EQ(stage_.panel->choice().reference, "");
}

TEST_F(StudyTableCard, MarksTheRowsThatRun) {
  EXPECT_THAT(stage_.canvas.words(), Not(HasSubstr("A\n")));
  stage_.state.wanted = stage_.study->rows[1].knobs;
  stage_.draw();
  EXPECT_THAT(stage_.canvas.words(), HasSubstr("A\ntova\n"));
}

TEST_F(StudyTableCard, SaysThatItWasMeasuredWithAnotherModel) {
  stage_.study->model = "gpt2-large";
  stage_.draw();
  EXPECT_THAT(stage_.subtitle, HasSubstr("measured with gpt2-large"));
}

TEST_F(StudyTableCard, KeepsItsWordsInsideTheCard) {
  const plot::Rect area = stage_.area();
  for (const auto& text : stage_.canvas.texts) {
    EXPECT_GE(text.bounds.left, area.left - 6) << text.words;
    EXPECT_LE(text.bounds.right, area.right + 6) << text.words;
  }
}

}  // namespace
}  // namespace sketchscope::panels
