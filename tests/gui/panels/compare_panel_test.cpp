#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>

#include "gui/view/running_comparison.hpp"
#include "tests/gui/panels/panel_stage.hpp"

namespace sketchscope::panels {
namespace {

using test::PanelStage;
using ::testing::HasSubstr;
using ::testing::Not;

class Comparing : public ::testing::Test {
 protected:
  Comparing() {
    stage_.advance(120);
    test::InventedRun other({.seed = 2});
    other.set("max_cache_size", "64");
    stage_.other.emplace();
    for (int step = 0; step < 120; ++step) stage_.other->append(other.step());
    run::LiveState beside = other.state();
    beside.place = 1;
    stage_.state.others = {std::make_shared<const run::LiveState>(std::move(beside))};
  }
  PanelStage stage_{"compare"};
};

TEST_F(Comparing, ShowsFiguresAndKnobsOfBothRuns) {
  stage_.draw();
  EXPECT_THAT(stage_.canvas.words(), HasSubstr("perplexity"));
  EXPECT_THAT(stage_.canvas.words(), HasSubstr("max_cache_size\n128\n64\n"));
  EXPECT_THAT(stage_.readout, HasSubstr("texts differ from position"));
}

TEST_F(Comparing, KeepsAKnobThatDiffersInALowCardAndLeavesOutTheLastFigures) {
  bool left_out = false;
  for (float height = 110; height < 300; height += 5) {
    stage_.place = plot::Rect{0, 0, 600, height};
    stage_.draw();
    EXPECT_THAT(stage_.canvas.words(), HasSubstr("max_cache_size")) << height;
    EXPECT_THAT(stage_.canvas.words(), HasSubstr("first other eviction")) << height;
    EXPECT_THAT(stage_.canvas.words(), HasSubstr("perplexity")) << height;
    left_out |= stage_.canvas.words().find("\nevictions\n") == std::string::npos;
    for (const auto& text : stage_.canvas.texts) EXPECT_LE(text.bounds.bottom, height + 6);
  }
  EXPECT_TRUE(left_out);
}

TEST_F(Comparing, GreysThePerplexitiesOfDrawnTokens) {
  const auto color_of = [&](const std::string& words) {
    const auto found =
        std::ranges::find(stage_.canvas.texts, words, &test::RecordingCanvas::Text::words);
    return found == stage_.canvas.texts.end() ? plot::Color() : found->color;
  };
  stage_.draw();
  EXPECT_THAT(stage_.canvas.words(), HasSubstr("own texts"));
  EXPECT_TRUE(color_of("perplexity") == plot::Theme().faint);
  EXPECT_TRUE(color_of("evictions") == plot::Theme().quiet);
  test::InventedRun same;
  stage_.other.emplace();
  for (int step = 0; step < 120; ++step) stage_.other->append(same.step());
  stage_.draw();
  EXPECT_THAT(stage_.canvas.words(), Not(HasSubstr("own texts")));
  EXPECT_THAT(stage_.canvas.words(), HasSubstr("drawn by A"));
  EXPECT_TRUE(color_of("perplexity") == plot::Theme().faint);
}

TEST_F(Comparing, KeepsItsWordsInsideTheCard) {
  stage_.draw();
  const plot::Rect area = stage_.area();
  for (const auto& text : stage_.canvas.texts) {
    EXPECT_GE(text.bounds.left, area.left - 6) << text.words;
    EXPECT_LE(text.bounds.right, area.right + 6) << text.words;
    EXPECT_LE(text.bounds.bottom, area.bottom + 6) << text.words;
  }
}

TEST_F(Comparing, KeepsItsWordsApartInANarrowColumn) {
  stage_.place = plot::Rect{0, 0, 331, 214};  // 85 mm by 55 with letters of 8 points
  stage_.draw();
  const auto& texts = stage_.canvas.texts;
  ASSERT_GT(texts.size(), 12U);
  for (std::size_t one = 0; one < texts.size(); ++one) {
    EXPECT_LE(texts[one].bounds.right, 331 + 6) << texts[one].words;
    for (std::size_t other = one + 1; other < texts.size(); ++other) {
      const plot::Rect &a = texts[one].bounds, &b = texts[other].bounds;
      const float width = std::min(a.right, b.right) - std::max(a.left, b.left);
      const float height = std::min(a.bottom, b.bottom) - std::max(a.top, b.top);
      EXPECT_FALSE(width > 1 && height > 1) << texts[one].words << " and " << texts[other].words;
    }
  }
}

TEST_F(Comparing, SaysThatTextsAgreeWhereTheyDo) {
  test::InventedRun same;
  stage_.other.emplace();
  for (int step = 0; step < 120; ++step) stage_.other->append(same.step());
  stage_.draw();
  EXPECT_EQ(stage_.readout, "texts agree");
}

TEST_F(Comparing, PlotsWhatDiffersWhileTheTextsAgree) {
  test::InventedRun same;
  stage_.other.emplace();
  for (int step = 0; step < 120; ++step) stage_.other->append(same.step());
  stage_.state.other_tokens = run::ComparedTokens::same;
  stage_.draw();
  EXPECT_THAT(stage_.canvas.words(), HasSubstr("next-token KL, A − B"));
  EXPECT_THAT(stage_.canvas.words(), HasSubstr("retained mass, A − B"));
  EXPECT_THAT(stage_.subtitle, HasSubstr("fed A's tokens"));
}

TEST_F(Comparing, NamesTheStepOfTheFirstOtherEvictionAndGoesThere) {
  // B lowers its capacity at the last step, so that no token differs.
  test::InventedRun lower;
  stage_.other.emplace();
  for (int step = 0; step < 120; ++step) {
    if (step == 119) lower.set("max_cache_size", "48");
    stage_.other->append(lower.step());
  }
  stage_.draw();
  EXPECT_EQ(stage_.readout, "texts agree");
  EXPECT_THAT(stage_.canvas.words(), HasSubstr("step 119\nstep 119\n"));
  const auto line = stage_.items.find("Compare/first_other_eviction");
  ASSERT_TRUE(line);
  stage_.click(line->rect.center());
  EXPECT_THAT(stage_.actions, ::testing::ElementsAre("first_divergence"));
}

TEST_F(Comparing, SaysThatNoEvictionDiffersWhereNoneDoes) {
  test::InventedRun same;
  stage_.other.emplace();
  for (int step = 0; step < 120; ++step) stage_.other->append(same.step());
  stage_.draw();
  EXPECT_THAT(stage_.canvas.words(), HasSubstr("none\nnone\n"));
  EXPECT_FALSE(stage_.items.find("Compare/first_other_eviction"));
}

TEST_F(Comparing, LocksTheStepOfTheFirstOtherEvictionWhereTextsDiffer) {
  stage_.draw();
  const auto line = stage_.items.find("Compare/first_other_eviction");
  ASSERT_TRUE(line);
  stage_.click(line->rect.center());
  const auto position = view::comparison_of(stage_.history, *stage_.other).first_other_victims();
  EXPECT_EQ(stage_.selection.locked_position, position);
  EXPECT_EQ(stage_.selection.locked_step, stage_.history.fed_at(*position));
  EXPECT_TRUE(stage_.actions.empty());
}

TEST_F(Comparing, KeepsItsColumnsApartAtEveryWidth) {
  test::InventedRun same;
  stage_.other.emplace();
  for (int step = 0; step < 120; ++step) stage_.other->append(same.step());
  for (float width = 300; width < 1000; width += 25) {
    stage_.place = plot::Rect{0, 0, width, 260};
    stage_.draw();
    const auto& texts = stage_.canvas.texts;
    const auto apart = std::ranges::find(texts, "drawn by A", &test::RecordingCanvas::Text::words);
    ASSERT_NE(apart, texts.end()) << width;
    for (const auto& text : texts) {
      const bool same_line = std::abs(text.bounds.top - apart->bounds.top) < 2;
      if (!same_line || text.bounds.left >= apart->bounds.left) continue;
      EXPECT_LT(text.bounds.right, apart->bounds.left - 6) << text.words << " at " << width;
    }
  }
}

TEST_F(Comparing, PutsTheOtherRunIntoTheCharts) {
  PanelStage chart("next-token-kl");
  chart.advance(120);
  chart.draw();
  const auto alone = chart.canvas.polylines.size();
  chart.other = stage_.other;
  chart.draw();
  EXPECT_GT(chart.canvas.polylines.size(), alone);
  EXPECT_THAT(chart.canvas.words(), Not(HasSubstr("KL\n")));
}

}  // namespace
}  // namespace sketchscope::panels
