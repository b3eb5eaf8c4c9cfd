// Figures for print: at the size that a panel asks for, none of its parts is missing.
#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <memory>

#include "engine/study/study_folder.hpp"
#include "gui/view/study_sheet.hpp"
#include "tests/gui/panels/panel_stage.hpp"

namespace sketchscope::panels {
namespace {

using test::PanelStage;
using ::testing::HasSubstr;
using ::testing::Not;

/// A stage of a figure for print.
class PrintedPanel {
 public:
  explicit PrintedPanel(std::string_view panel, test::InventedRunOptions options = {})
      : stage(panel, options) {
    stage.print = true;
    stage.advance(200);
    stage.selection.locked_step = 190;
  }

  void compare() {
    test::InventedRun other({.seed = 2});
    stage.other.emplace();
    for (int step = 0; step < 200; ++step) stage.other->append(other.step());
    run::LiveState beside = other.state();
    beside.place = 1;
    stage.state.others = {std::make_shared<const run::LiveState>(std::move(beside))};
  }

  /// Draws it as wide as asked for or as it has to be, and no higher than it has to be.
  void draw(float width) {
    const auto least = [&](float wide) {
      stage.place = plot::Rect{0, 0, wide, 0};
      return stage.panel->least_print(stage.context());
    };
    const float wide = std::max(width, least(width).width);
    stage.place = plot::Rect{0, 0, wide, least(wide).height};
    stage.draw();
  }

  /// The first words that lie on others or outside; empty where none do.
  [[nodiscard]] std::string misplaced() const {
    const auto& texts = stage.canvas.texts;
    const plot::Rect area = stage.area();
    for (std::size_t a = 0; a < texts.size(); ++a) {
      const plot::Rect& one = texts[a].bounds;
      constexpr float kMargin = 3;
      if (one.right > area.right + kMargin || one.bottom > area.bottom + kMargin ||
          one.left < area.left - kMargin || one.top < area.top - kMargin) {
        return texts[a].words + " outside";
      }
      for (std::size_t b = a + 1; b < texts.size(); ++b) {
        const plot::Rect& two = texts[b].bounds;
        const float across = std::min(one.right, two.right) - std::max(one.left, two.left);
        const float down = std::min(one.bottom, two.bottom) - std::max(one.top, two.top);
        if (across > 1 && down > one.height() * 0.35F) {
          return texts[a].words + " on " + texts[b].words;
        }
      }
    }
    return {};
  }

  PanelStage stage;
};

constexpr float kColumn = 323;  // 85 mm with letters of 8 points, less the margins
constexpr float kPage = 700;

TEST(PrintedWhy, HasEveryAnswerWholeAndTheChartInANarrowColumn) {
  for (const float width : {kColumn, kPage}) {
    PrintedPanel printed("why");
    printed.draw(width);
    const std::string words = printed.stage.canvas.words();
    EXPECT_THAT(words, Not(HasSubstr("…"))) << width;
    for (const char* part :
         {"evicted", "reason", "inflated by", "all evictions together", "exact mass", "step"}) {
      EXPECT_THAT(words, HasSubstr(part)) << width;
    }
    EXPECT_FALSE(printed.stage.canvas.polylines.empty()) << "the chart at " << width;
    EXPECT_EQ(printed.misplaced(), "") << width;
  }
}

TEST(PrintedOccupancy, NamesEveryStatusAndItsAxis) {
  for (const int layers : {1, 6, 12, 48}) {
    PrintedPanel printed("occupancy", {.layers = layers});
    printed.draw(kColumn);
    const std::string words = printed.stage.canvas.words();
    for (const char* part :
         {"sink", "kept", "recent", "evicted in this step", "position", "stored", "L0"}) {
      EXPECT_THAT(words, HasSubstr(part)) << layers;
    }
    EXPECT_EQ(printed.misplaced(), "") << layers;
  }
}

TEST(PrintedOccupancy, HasBothRunsOfAComparisonBelowEachOther) {
  for (const float width : {kColumn, kPage}) {
    PrintedPanel printed("occupancy");
    printed.compare();
    printed.draw(width);
    EXPECT_GT(printed.stage.canvas.images.size(), 0U);
    EXPECT_EQ(printed.stage.canvas.images.size() % 2, 0U);
    EXPECT_THAT(printed.stage.canvas.words(), HasSubstr("B\n")) << width;
    EXPECT_EQ(printed.misplaced(), "") << width;
  }
}

TEST(PrintedStudy, HasEveryColumnAndRowAndNothingToClick) {
  PrintedPanel printed("study");
  printed.stage.study = view::study_sheet(
      study::read_study(std::filesystem::path(SKETCHSCOPE_SOURCE_DIR) / "assets/studies/small/"));
  printed.draw(kColumn);
  const auto& texts = printed.stage.canvas.texts;
  const auto& sheet = *printed.stage.study;
  for (const view::SheetColumn& column : sheet.columns) {
    EXPECT_NE(std::ranges::find(texts, column.title, &test::RecordingCanvas::Text::words),
              texts.end())
        << column.title;
  }
  EXPECT_EQ(texts.size(), (sheet.rows.size() + 1) * sheet.columns.size());
  EXPECT_FALSE(printed.stage.items.find("Study/filter"));
  EXPECT_EQ(printed.misplaced(), "");
}

TEST(PrintedStudy, FitsIntoAColumnOfAPageWithTheColumnsThatWereChosen) {
  PrintedPanel printed("study");
  printed.stage.study = view::study_sheet(
      study::read_study(std::filesystem::path(SKETCHSCOPE_SOURCE_DIR) / "assets/studies/small/"));
  printed.stage.panel->choose({.columns = {"policy", "bytes", "capacity"}});
  printed.draw(kColumn);
  EXPECT_EQ(printed.stage.area().width(), kColumn);
  const auto& texts = printed.stage.canvas.texts;
  ASSERT_EQ(texts.size(), (printed.stage.study->rows.size() + 1) * 3);
  EXPECT_EQ(texts[0].words, "policy");
  EXPECT_EQ(texts[1].words, "bytes");
  EXPECT_EQ(texts[2].words, "capacity") << "by its title, in the order asked for";
}

TEST(PrintedComparison, HasEveryFigureEveryKnobAndBothPictures) {
  PrintedPanel printed("compare");
  printed.compare();
  printed.stage.state.wanted.sinks = printed.stage.state.applied.sinks = 2;
  printed.draw(kColumn);
  const std::string words = printed.stage.canvas.words();
  for (const char* part : {"perplexity", "evictions", "first other", "sinks"}) {
    EXPECT_THAT(words, HasSubstr(part));
  }
  EXPECT_EQ(printed.misplaced(), "");
}

}  // namespace
}  // namespace sketchscope::panels
