// Effects of clicks and wheel in single panels.
#include <gmock/gmock.h>

#include <algorithm>

#include "engine/run/eviction_inquiry.hpp"
#include "tests/gui/panels/panel_stage.hpp"

namespace sketchscope::panels {
namespace {

using test::InventedRun;
using test::PanelStage;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(OccupancyPanel, ChoosesTheLayerByItsName) {
  PanelStage stage("occupancy");
  stage.advance(10);
  stage.draw();
  const auto label = stage.items.find("Occupancy/layer 4");
  ASSERT_TRUE(label);
  stage.click(label->rect.center());
  EXPECT_EQ(stage.selection.layer, 4);
}

TEST(OccupancyPanel, ShowsTheCapThatWasInForceAtTheStepShown) {
  PanelStage stage("occupancy");
  stage.advance(150);
  stage.set("max_cache_size", "96");
  stage.advance(10);
  stage.draw();
  EXPECT_EQ(stage.readout, "cap 96");
  stage.selection.locked_step = 140;
  stage.draw();
  EXPECT_EQ(stage.readout, "cap 128");
}

TEST(OccupancyPanel, ZoomsThePositionsUnderTheMouse) {
  PanelStage stage("occupancy");
  stage.advance(300);
  stage.draw();
  const auto raster = stage.items.find("Occupancy/raster");
  ASSERT_TRUE(raster);
  const plot::Point at{raster->rect.left + raster->rect.width() * 0.25F, raster->rect.center().y};
  stage.draw({.at = at});
  const int under = stage.selection.hover.position.value_or(-1);
  for (int notch = 0; notch < 4; ++notch) stage.draw({.at = at, .wheel = 1});
  stage.draw({.at = at});
  EXPECT_NEAR(stage.selection.hover.position.value_or(-1), under, 1) << "it stays in its place";
  EXPECT_THAT(stage.subtitle, HasSubstr("· positions "));
  const int span = view::position_span(static_cast<int>(stage.history.tokens().size()),
                                       stage.model.config.positions);
  const view::PositionRange near = stage.selection.positions.range(span);
  EXPECT_LT(near.count(), span / 2);
  stage.draw({.at = at, .dragged_from = at, .dragged_by = {-40, 0}});
  EXPECT_GT(stage.selection.positions.range(span).first, near.first) << "pulled to the left";
  stage.draw({.at = at, .double_clicked = true});
  EXPECT_TRUE(stage.selection.positions.shows_all());
}

TEST(OccupancyPanel, HasBothRunsThatAreComparedWhereThereIsRoom) {
  PanelStage stage("occupancy");
  stage.advance(200);
  test::InventedRunOptions options;
  settings::set_knob(options.knobs, "policy", "window");
  InventedRun other(options);
  view::History others;
  for (int step = 0; step < 200; ++step) others.append(other.step());
  stage.other = std::move(others);
  run::LiveState beside = other.state();
  beside.place = 1;
  stage.state.others = {std::make_shared<const run::LiveState>(std::move(beside))};
  stage.draw();
  stage.draw();
  const auto first = stage.items.find("Occupancy/raster");
  const auto second = stage.items.find("Occupancy/B/raster");
  ASSERT_TRUE(first && second);
  EXPECT_LE(first->rect.right, second->rect.left);
  stage.draw({.at = second->rect.center()});
  EXPECT_THAT(stage.overlay.words(), HasSubstr("position ")) << "B's marks answer too";
  stage.click(second->rect.center());
  EXPECT_FALSE(stage.selection.eviction) << "panels explain those of A";
  stage.place = plot::Rect{0, 0, 300, 200};
  stage.draw();
  EXPECT_GT(stage.items.find("Occupancy/raster")->rect.width(), 100) << "A alone";
}

TEST(OccupancyPanel, ExplainsTheEvictionThatIsClicked) {
  PanelStage stage("occupancy");
  stage.advance(200);
  const plot::Rect area = stage.area();
  for (float x = area.left + 60; x < area.center().x && !stage.selection.eviction; x += 3) {
    stage.click({x, area.top + 5});
  }
  ASSERT_TRUE(stage.selection.eviction) << "the upper left of the raster has evicted positions";
  const widgets::EvictionKey key = *stage.selection.eviction;
  EXPECT_EQ(key.layer, 0);
  EXPECT_EQ(stage.selection.locked_position, key.position);
  const auto place = stage.history.eviction_of(key.layer, key.position);
  ASSERT_TRUE(place);
  EXPECT_EQ(place->step, key.step);
  EXPECT_THAT(stage.overlay.words(), HasSubstr("evicted"));
}

TEST(EvictionsPanel, PinsTheRowThatIsClicked) {
  PanelStage stage("evictions");
  stage.advance(200);
  const plot::Rect area = stage.area();
  stage.click({area.center().x, area.top + 30});
  ASSERT_TRUE(stage.selection.eviction);
  const view::EvictionPlace newest = stage.history.eviction_places().back();
  const record::EvictionRecord& eviction = *stage.history.eviction(newest);
  EXPECT_EQ(*stage.selection.eviction,
            (widgets::EvictionKey{newest.step, eviction.layer, eviction.position}));
  EXPECT_EQ(stage.selection.locked_position, eviction.position);
}

TEST(EvictionsPanel, ScrollsToTheOldestAndBack) {
  PanelStage stage("evictions");
  stage.advance(120);
  const plot::Point middle = stage.area().center();
  const std::string oldest = std::to_string(stage.history.eviction_places().front().step);
  for (int notch = 0; notch < 400; ++notch) stage.draw({.at = middle, .wheel = -1});
  EXPECT_THAT(stage.canvas.words(), HasSubstr("\n" + oldest + "\n"));
  for (int notch = 0; notch < 400; ++notch) stage.draw({.at = middle, .wheel = 1});
  EXPECT_THAT(stage.canvas.words(), HasSubstr("\n119\n"));
}

TEST(EvictionsPanel, ListsNothingThatCameAfterTheStepShown) {
  PanelStage stage("evictions");
  stage.advance(200);
  stage.selection.locked_step = 150;
  stage.draw();
  EXPECT_THAT(stage.canvas.words(), Not(HasSubstr("\n151\n")));
  EXPECT_THAT(stage.canvas.words(), HasSubstr("\n150\n"));
}

TEST(WhyPanel, ExplainsTheNewestEvictionUntilOneIsPinned) {
  PanelStage stage("why");
  stage.advance(200);
  stage.draw();
  EXPECT_THAT(stage.subtitle, HasSubstr("step 199"));
  const view::EvictionPlace first = stage.history.eviction_places().front();
  const record::EvictionRecord& eviction = *stage.history.eviction(first);
  stage.selection.eviction = widgets::EvictionKey{first.step, eviction.layer, eviction.position};
  stage.draw();
  EXPECT_THAT(stage.subtitle, HasSubstr("step " + std::to_string(first.step)));
  EXPECT_THAT(stage.readout, HasSubstr("pinned"));
}

TEST(WhyPanel, NamesWhatItMeasuresAndOverWhichSteps) {
  PanelStage stage("why");
  stage.advance(200);
  stage.draw();
  EXPECT_THAT(stage.canvas.words(), HasSubstr("mass missed since"));
  EXPECT_THAT(stage.canvas.words(), HasSubstr("all evictions together"));
}

TEST(WhyPanel, SaysThatAnItemWithoutItsHeadCountsAllHeadsOfTheLayer) {
  PanelStage stage("why");
  InventedRun run(test::InventedRunOptions{});
  for (int step = 0; step < 200; ++step) {
    record::StepRecord record = *run.step();
    for (record::EvictionRecord& eviction : record.evictions) eviction.head = 0;
    stage.history.append(std::make_shared<const record::StepRecord>(std::move(record)));
  }
  stage.state = run.state();
  stage.draw();
  EXPECT_THAT(stage.canvas.words(), HasSubstr("\nthe layer's other heads, "));
}

TEST(WhyPanel, SaysWhatTheEvictionCostOnceItIsKnown) {
  PanelStage stage("why");
  stage.advance(200);
  const view::EvictionPlace place = stage.history.eviction_places().front();
  const record::EvictionRecord& eviction = *stage.history.eviction(place);
  stage.selection.eviction = widgets::EvictionKey{place.step, eviction.layer, eviction.position};
  stage.draw();
  EXPECT_THAT(stage.canvas.words(), HasSubstr("press W"));
  run::EvictionInquiry inquiry{
      .step = place.step, .until = 200, .cost = {.eviction = eviction}, .done = 0.25};
  inquiry.cost.run(decode::SparedBy::next).changes = {0.5, 0.25};
  inquiry.cost.run(decode::SparedBy::extra).changes = {1, 2};
  stage.state.cost = std::make_shared<const run::EvictionInquiry>(inquiry);
  stage.draw();
  EXPECT_THAT(stage.canvas.words(), HasSubstr("repeating the run: 25 %"));
  inquiry.repeated_exactly = true;
  stage.state.cost = std::make_shared<const run::EvictionInquiry>(inquiry);
  stage.draw();
  EXPECT_THAT(stage.canvas.words(), HasSubstr("0.75"));
  EXPECT_THAT(stage.canvas.words(), HasSubstr("3 nats in 2 tokens"));
  EXPECT_THAT(stage.canvas.words(), HasSubstr("cost so far, nats"));
  stage.selection.eviction.reset();
  stage.draw();
  EXPECT_THAT(stage.canvas.words(), HasSubstr("no token since")) << "of the newest one";
}

TEST(TextPanel, LocksThePositionOfTheChipThatIsClicked) {
  PanelStage stage("text");
  stage.advance(20);
  const plot::Rect area = stage.area();
  stage.click({area.left + 5, area.top + 8});
  EXPECT_EQ(stage.selection.locked_position, 0);
  stage.click({area.left + 5, area.top + 8});
  EXPECT_EQ(stage.selection.locked_position, std::nullopt);
}

class LongText : public ::testing::Test {
 protected:
  LongText() {
    stage_.advance(400);
    stage_.draw();
  }
  /// Whether the first token stands at the top left.
  [[nodiscard]] bool shows_the_start() const {
    const std::string first = "#" + std::to_string(stage_.history.tokens()[0]);
    return std::ranges::any_of(stage_.canvas.texts, [&](const auto& text) {
      return text.words == first && text.bounds.left == stage_.area().left &&
             text.bounds.top >= stage_.area().top && text.bounds.top < stage_.area().top + 5;
    });
  }
  PanelStage stage_{"text"};
};

TEST_F(LongText, FollowsTheEndUntilSomeoneScrollsUp) {
  EXPECT_FALSE(shows_the_start());
  for (int notch = 0; notch < 50; ++notch) stage_.draw({.at = stage_.area().center(), .wheel = 1});
  EXPECT_TRUE(shows_the_start());
  stage_.advance(1);
  stage_.draw();
  EXPECT_TRUE(shows_the_start()) << "a new token does not take the reader away";
}

TEST_F(LongText, ScrollsToAPositionThatAnotherPanelLocked) {
  stage_.selection.locked_position = 1;
  stage_.draw();
  EXPECT_TRUE(shows_the_start());
}

TEST(SketchPanel, ShowsHowMuchOfTheTableIsUsedAndByWhom) {
  PanelStage stage("sketch");
  stage.advance(60);
  stage.draw();
  EXPECT_THAT(stage.readout, HasSubstr("load "));
  EXPECT_THAT(stage.canvas.words(), HasSubstr("exact counters"));
  stage.draw({.at = plot::Point{stage.area().left + 100, stage.area().top + 20}});
  EXPECT_THAT(stage.overlay.words(), HasSubstr("row 0, counter "));
  EXPECT_THAT(stage.canvas.words(), HasSubstr("exact counters")) << "what was said stays";
}

TEST(SketchPanel, MarksThePositionsThatShareTheCounterUnderTheMouse) {
  PanelStage stage("sketch");
  stage.advance(60);
  const float y = stage.area().top + 20;
  for (float x = stage.area().left + 30;
       x < stage.area().center().x && stage.selection.hover.sharing.empty(); x += 1) {
    stage.draw({.at = plot::Point{x, y}});
  }
  const std::vector<int> sharing = stage.selection.hover.sharing;
  ASSERT_FALSE(sharing.empty());
  EXPECT_THAT(stage.overlay.words(), HasSubstr("position " + std::to_string(sharing.front())));
  PanelStage raster("occupancy");
  raster.advance(60);
  raster.draw();
  const std::size_t lines = raster.canvas.lines.size();
  raster.selection.hover.sharing = sharing;
  raster.draw();
  EXPECT_EQ(raster.canvas.lines.size(), lines + sharing.size());
  PanelStage text("text");
  text.advance(60);
  text.draw();
  const std::size_t boxes = text.canvas.fills.size();
  text.selection.hover.sharing = sharing;
  text.draw();
  EXPECT_EQ(text.canvas.fills.size(), boxes + sharing.size());
}

TEST(MemoryPanel, LabelsTheFullCacheOnlyWhereItsLabelHasRoom) {
  PanelStage stage("memory");
  stage.advance(200);
  const auto label_of = [&] {
    return std::ranges::find(stage.canvas.texts, "full cache", &test::RecordingCanvas::Text::words);
  };
  for (const float height : {40.0F, 60.0F, 90.0F, 150.0F, 300.0F}) {
    stage.place = plot::Rect{100, 100, 500, 100 + height};
    stage.draw();
    for (const auto& text : stage.canvas.texts) {
      if (text.words == "full cache") {
        EXPECT_GE(text.bounds.top, 100) << height;
      }
    }
  }
  EXPECT_NE(label_of(), stage.canvas.texts.end()) << "a high card has it";
}

TEST(WhyPanel, SaysWhenTheFirstEvictionComes) {
  PanelStage stage("why");
  stage.advance(3);
  ASSERT_TRUE(stage.history.eviction_places().empty());
  stage.draw();
  EXPECT_THAT(stage.canvas.words(), HasSubstr("A position leaves when its table is full"));
}

}  // namespace
}  // namespace sketchscope::panels
