#include <gmock/gmock.h>

#include <algorithm>

#include "tests/gui/panels/panel_stage.hpp"

namespace sketchscope::panels {
namespace {

using test::PanelStage;
using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

std::string with_underscores(const ::testing::TestParamInfo<std::string>& tested) {
  std::string name = tested.param;
  std::ranges::replace(name, '-', '_');
  return name;
}

std::vector<std::string> panel_names() {
  std::vector<std::string> names;
  for (const PanelKind& kind : panel_kinds()) names.emplace_back(kind.name);
  return names;
}

class EveryPanel : public ::testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(Panels, EveryPanel, ::testing::ValuesIn(panel_names()), with_underscores);

void expect_inside(const PanelStage& stage) {
  const plot::Rect area = stage.area();
  // Words may lean into the padding of the card, no further.
  constexpr float kPadding = 6;
  for (const auto& text : stage.canvas.texts) {
    if (!text.visible) continue;
    EXPECT_TRUE(
        text.bounds.left >= area.left - kPadding && text.bounds.right <= area.right + kPadding &&
        text.bounds.top >= area.top - kPadding && text.bounds.bottom <= area.bottom + kPadding)
        << "\"" << text.words << "\" leaves the card after " << stage.history.size() << " steps of "
        << stage.model.config.layers << " layers";
  }
}

TEST_P(EveryPanel, HasAPlaceInALayoutAndALineOfHelp) {
  PanelStage stage(GetParam());
  EXPECT_GT(stage.area().width(), 0);
  EXPECT_EQ(stage.panel->name(), GetParam());
  EXPECT_THAT(std::string(stage.panel->help()), Not(IsEmpty()));
  EXPECT_THAT(std::string(stage.panel->title()), Not(IsEmpty()));
}

TEST_P(EveryPanel, StaysInsideItsCardForAnyShapeAndLengthOfRun) {
  for (const int layers : {1, 6, 12, 48}) {
    PanelStage stage(GetParam(), {.layers = layers});
    for (const int steps : {0, 1, 40, 260}) {
      stage.advance(steps);
      stage.draw();
      expect_inside(stage);
    }
  }
}

/// The first words that lie on others; empty where none do.
std::string overlap_in(const std::vector<test::RecordingCanvas::Text>& texts) {
  constexpr float kTouch = 1;  // pixel
  for (std::size_t a = 0; a < texts.size(); ++a) {
    for (std::size_t b = a + 1; b < texts.size(); ++b) {
      const plot::Rect& one = texts[a].bounds;
      const plot::Rect& two = texts[b].bounds;
      const float across = std::min(one.right, two.right) - std::max(one.left, two.left);
      const float down = std::min(one.bottom, two.bottom) - std::max(one.top, two.top);
      const bool drawn = texts[a].visible && texts[b].visible;
      // Lines are set as close as their letters allow.
      if (drawn && across > kTouch && down > std::min(one.height(), two.height()) * 0.35F) {
        return "'" + texts[a].words + "' and '" + texts[b].words + "'";
      }
    }
  }
  return {};
}

TEST_P(EveryPanel, NeverDrawsWordsOverWords) {
  PanelStage stage(GetParam());
  stage.advance(300);
  stage.selection.locked_position = 40;
  for (const float width : {240.0F, 330.0F, 480.0F, 900.0F}) {
    for (const float height : {85.0F, 150.0F, 400.0F}) {
      stage.place = plot::Rect{20, 60, 20 + width, 60 + height};
      for (const float pointed : {-1.0F, 0.3F, 0.7F}) {
        Pointer pointer;
        if (pointed > 0) pointer.at = plot::Point{20 + width * pointed, 60 + height * 0.5F};
        stage.draw(pointer);
        stage.draw(pointer);
        EXPECT_EQ(overlap_in(stage.canvas.texts), "")
            << width << " x " << height << (pointed > 0 ? " under the mouse" : "");
      }
    }
  }
}

TEST_P(EveryPanel, NeverWritesANumberThatIsNone) {
  for (const bool measured : {true, false}) {
    PanelStage stage(GetParam(), {.twin = measured, .audit = measured});
    for (const int steps : {0, 1, 200}) {
      stage.advance(steps);
      stage.draw({.at = stage.area().center()});
      const std::string words = stage.canvas.words() + stage.overlay.words() + stage.readout;
      EXPECT_THAT(words, Not(AnyOf(HasSubstr("nan"), HasSubstr("inf\n"))));
    }
  }
}

TEST_P(EveryPanel, SaysWhyItIsEmptyAndWhatToDo) {
  if (GetParam() == "knobs") GTEST_SKIP() << "knobs are there before the first step";
  PanelStage stage(GetParam());
  stage.draw();
  EXPECT_EQ(stage.canvas.texts.size(), 2U) << stage.canvas.words();
}

TEST_P(EveryPanel, OfASavedRunNeverAsksForAButtonThatIsDisabled) {
  for (const int steps : {0, 40}) {
    PanelStage stage(GetParam(), {.twin = false, .audit = false});
    stage.advance(steps);
    stage.state.phase = run::RunPhase::saved;
    stage.state.layers.clear();
    stage.draw();
    EXPECT_THAT(stage.canvas.words(), Not(AnyOf(HasSubstr("Press play"), HasSubstr("switch the"))))
        << steps << " steps";
  }
}

class PanelOverSteps : public ::testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(Panels, PanelOverSteps,
                         ::testing::Values("timeline", "next-token-kl", "attention-kl", "memory",
                                           "why", "stored", "throughput"),
                         with_underscores);

TEST_P(PanelOverSteps, MarksEveryKnobChange) {
  PanelStage stage(GetParam());
  stage.advance(150);
  stage.draw();
  const auto upright_dotted_lines = [&] {
    return std::ranges::count_if(stage.canvas.lines, [](const auto& line) {
      return line.stroke.dash == plot::Dash::dotted && line.from.x == line.to.x;
    });
  };
  const auto before = upright_dotted_lines();
  stage.set("max_cache_size", "96");
  stage.advance(1);
  stage.set("recent_window", "16");
  stage.advance(1);
  stage.draw();
  EXPECT_EQ(upright_dotted_lines(), before + 2);
}

TEST_P(PanelOverSteps, MovesAndLocksTheSharedStep) {
  PanelStage stage(GetParam());
  stage.advance(200);
  const plot::Rect area = stage.area();
  const plot::Point at{area.left + area.width() * 0.8F, area.center().y};
  stage.draw({.at = at});
  ASSERT_TRUE(stage.selection.hover.step);
  const std::int64_t hovered = *stage.selection.hover.step;
  EXPECT_GT(hovered, 50);
  EXPECT_LT(hovered, 199);
  stage.click(at);
  EXPECT_EQ(stage.selection.locked_step, hovered);
  stage.click(at);
  EXPECT_EQ(stage.selection.locked_step, std::nullopt) << "a second click follows again";
}

TEST_P(PanelOverSteps, ShowsTheRangeThatAllShare) {
  if (GetParam() == "timeline") GTEST_SKIP() << "it always shows the whole run";
  PanelStage stage(GetParam());
  stage.advance(200);
  const plot::Point chart{stage.area().left + stage.area().width() * 0.8F, stage.area().center().y};
  stage.draw({.at = chart, .wheel = 3});
  EXPECT_FALSE(stage.selection.window.shows_all());
  const view::StepRange near = stage.selection.window.range(200);
  const plot::Rect area = stage.area();
  for (float x = area.left; x < area.right; x += 9) {
    stage.draw({.at = plot::Point{x, area.center().y}});
    const auto step = stage.selection.hover.step;
    if (!step) continue;
    EXPECT_GE(static_cast<double>(*step), near.first - 1);
    EXPECT_LE(static_cast<double>(*step), near.last + 1);
  }
  const plot::Point from{area.left + area.width() * 0.7F, area.center().y};
  stage.draw({.at = from, .dragged_from = from, .dragged_by = {200, 0}});
  EXPECT_LT(stage.selection.window.range(200).first, near.first) << "pulled to the right";
  stage.draw({.at = from, .double_clicked = true});
  EXPECT_TRUE(stage.selection.window.shows_all());
}

TEST(TimelinePanel, LimitsAllStepAxesToTheRangeDraggedOver) {
  PanelStage stage("timeline");
  stage.advance(201);
  const plot::Rect area = stage.area();
  const auto at = [&](float share) {
    return plot::Point{area.left + area.width() * share, area.center().y};
  };
  stage.draw({.at = at(0.25F), .dragged_from = at(0.75F), .dragged_by = {-5, 0}});
  const view::StepRange range = stage.selection.window.range(201);
  // The plot begins to the right of its ticks' words.
  EXPECT_NEAR(range.first, 46, 6);
  EXPECT_NEAR(range.last, 148, 6);
}

TEST_P(PanelOverSteps, NeverPointsBeyondTheNewestStep) {
  PanelStage stage(GetParam(), {.prompt_tokens = 140});
  stage.advance(3);
  const plot::Rect area = stage.area();
  for (float x = area.left; x < area.right; x += 7) {
    stage.draw({.at = plot::Point{x, area.center().y}});
    EXPECT_LE(stage.selection.hover.step.value_or(0), 2);
  }
}

}  // namespace
}  // namespace sketchscope::panels
