#include "gui/app/run_figures.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

namespace sketchscope::app {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const plot::Theme kTheme = plot::make_theme(plot::Brightness::dark, plot::Palette::standard);

struct Step {
  double logit_kl = 0;
  bool agrees = true;
  bool given = false;
};

/// A run whose lane is sure of every token; the twin is not.
view::History history_of(const std::vector<Step>& steps) {
  view::History history;
  for (const Step& step : steps) {
    auto record = std::make_shared<record::StepRecord>();
    record->step = static_cast<std::int64_t>(history.size());
    record->position = static_cast<int>(history.size());
    record->tokens = {record->position};
    record->prompt_tokens = step.given ? 1 : 0;
    record->logit_kl = step.logit_kl;
    record->top1_agrees = step.agrees;
    record->token_probability = 0.99;
    record->twin_token_probability = 0.2;
    history.append(record);
  }
  return history;
}

std::vector<RunFigure> figures_of(const std::vector<Step>& steps) {
  return run_figures(history_of(steps), {}, kTheme);
}

const RunFigure* labelled(const std::vector<RunFigure>& figures, const std::string& label) {
  const auto found = std::ranges::find(figures, label, &RunFigure::label);
  return found == figures.end() ? nullptr : &*found;
}

TEST(RunFigures, NeverPraiseALaneForBeingSureOfItsOwnTokens) {
  for (const RunFigure& figure :
       figures_of(std::vector<Step>(40, {.logit_kl = 4, .agrees = false}))) {
    EXPECT_THAT(figure.label, Not(HasSubstr("ppl")));
    if (figure.label != "cache") {
      EXPECT_FALSE(figure.color == kTheme.good) << figure.label << " " << figure.value;
    }
  }
}

TEST(RunFigures, SayInRedThatATextIsBrokenAndByHowMuch) {
  const auto figures = figures_of(std::vector<Step>(40, {.logit_kl = 2.5, .agrees = false}));
  for (const auto& [label, value] :
       {std::pair{"text", "broken"}, {"KL", "2.50 nats"}, {"top-1", "0.0 %"}}) {
    ASSERT_NE(labelled(figures, label), nullptr) << label;
    EXPECT_EQ(labelled(figures, label)->value, value);
    EXPECT_TRUE(labelled(figures, label)->color == kTheme.bad) << label;
  }
  EXPECT_EQ(labelled(figures, "text")->rank, 0) << "the last to be left out";
  EXPECT_EQ(labelled(figures_of(std::vector<Step>(40)), "text")->value, "close");
}

TEST(RunFigures, ShowPerplexityOfGivenTokensWithItsSign) {
  const auto figures = figures_of(std::vector<Step>(40, {.given = true}));
  ASSERT_NE(labelled(figures, "ppl"), nullptr);
  EXPECT_EQ(labelled(figures, "ppl")->value, "1.01 (−80 %)");
  EXPECT_THAT(labelled(figures, "ppl")->help, HasSubstr("40 tokens that were given"));
  EXPECT_THAT(labelled(figures, "ppl")->help, HasSubstr("under the full cache 5.00"));
  EXPECT_EQ(labelled(figures, "text")->value, plot::kAbsent) << "nothing was drawn";
}

TEST(RunFigures, CountTheTokensOfATextThatIsGiven) {
  const auto figures = run_figures(history_of(std::vector<Step>(40, {.given = true})),
                                   {.positions = 1024}, kTheme, 318);
  ASSERT_NE(labelled(figures, "given"), nullptr);
  EXPECT_EQ(labelled(figures, "given")->value, "40 / 318");
  EXPECT_EQ(labelled(figures, "tokens"), nullptr);
}

}  // namespace
}  // namespace sketchscope::app
