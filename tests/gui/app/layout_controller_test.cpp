// Cards that are moved with the mouse, and layouts under names and in files.
#include "gui/app/layout_controller.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <set>
#include <string>

#include "engine/core/error.hpp"
#include "engine/core/files.hpp"
#include "gui/app/app.hpp"
#include "gui/app/layout_file.hpp"
#include "gui/driver/simulated_input.hpp"
#include "tests/gui/platform/offscreen_window.hpp"
#include "tests/support/invented_source.hpp"
#include "tests/support/temporary_directory.hpp"

namespace sketchscope::app {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::ThrowsMessage;

class CardsInTheWindow : public test::OffscreenWindow {
 protected:
  void SetUp() override {
    OffscreenWindow::SetUp();
    if (IsSkipped()) return;
    source_.advance(80);
    app_.emplace(*platform_, source_);
    frames(3);
  }
  void frames(int count) {
    for (int frame = 0; frame < count; ++frame) app_->frame();
  }
  [[nodiscard]] plot::Rect rect(const std::string& item) const {
    const auto found = app_->items().find(item);
    EXPECT_TRUE(found.has_value()) << item;
    return found ? found->rect : plot::Rect();
  }
  /// Drags the mouse from one point to another.
  void drag(plot::Point from, plot::Point to) {
    driver::SimulatedInput input(*app_);
    input.move(from);
    input.press();
    input.move({(from.x + to.x) / 2, (from.y + to.y) / 2});
    input.move(to);
    input.move(to);
    input.release();
    frames(3);
  }
  /// A place in the header that is neither on a tab nor on the menu.
  [[nodiscard]] plot::Point grip(const std::string& panel) const {
    const plot::Rect title = rect(panel + "/title");
    return {title.left + 20, title.center().y};
  }
  [[nodiscard]] const LayoutChoice& layout() const { return app_->settings().layout; }

  support::TemporaryDirectory folder_;
  test::InventedSource source_{{}, false};
  std::optional<App> app_;
};

TEST_F(CardsInTheWindow, GoWhereTheirTitlesAreDragged) {
  const plot::Rect text = rect("text");
  drag(grip("memory"), {text.center().x, text.bottom - 4});
  EXPECT_THAT(layout().moves, ElementsAre(Move{"memory", Side::below, "text"}));
  EXPECT_EQ(rect("memory").left, rect("text").left);
  EXPECT_GT(rect("memory").top, rect("text").bottom - 1);

  drag(grip("bytes"), rect("evictions/title").center());
  EXPECT_TRUE(app_->items().find("bytes/tab/evictions")) << "a tab, in front";
}

TEST_F(CardsInTheWindow, StayWhereTheyAreOnAClickAndOnTheirOwnPlace) {
  drag(grip("memory"), {grip("memory").x + 2, grip("memory").y});
  drag(grip("text"), rect("text").center());
  drag(grip("memory"), {3, 3});
  EXPECT_THAT(layout().moves, IsEmpty());
}

TEST_F(CardsInTheWindow, LeaveTheirTabsForASide) {
  const plot::Rect place = rect("memory");
  drag(grip("memory"), {place.center().x, place.bottom - 3});
  EXPECT_THAT(layout().moves, ElementsAre(Move{"memory", Side::below, "throughput"}));
  EXPECT_GT(rect("memory").top, rect("throughput").bottom - 1);
}

TEST_F(CardsInTheWindow, KeepTheOrderOfTheirTabs) {
  const plot::Rect before = rect("memory/tab/throughput");
  driver::SimulatedInput(*app_).click(before.center());
  frames(2);
  EXPECT_LT(rect("throughput/tab/memory").left, before.left) << "the first tab stays the first";
}

TEST_F(CardsInTheWindow, ThatASmallHeaderLeavesOutComeToTheFrontOneAfterTheOther) {
  platform_->resize({640, 480});
  frames(3);
  const auto front = [&] {
    for (const std::string_view panel : app_->facts().panels) {
      if (app_->items().find(std::string(panel) + "/more_tabs")) return std::string(panel);
    }
    return std::string();
  };
  std::set<std::string> seen;
  for (int click = 0; click < 30 && seen.insert(front()).second; ++click) {
    driver::SimulatedInput(*app_).click(rect(front() + "/more_tabs").center());
    frames(2);
  }
  EXPECT_GT(seen.size(), 2U);
  for (const char* panel : {"sketch", "memory"}) {
    const bool reached = seen.contains(panel) || app_->items().find(front() + "/tab/" + panel);
    EXPECT_TRUE(reached) << panel;
  }
}

TEST_F(CardsInTheWindow, ChangeTheirHeightsByTheBordersBetweenThem) {
  const plot::Rect border = rect("Border/height of text");
  const float before = rect("text").height();
  drag(border.center(), {border.center().x, border.center().y + 30});
  EXPECT_NEAR(rect("text").height(), before + 30, 3);
}

TEST_F(CardsInTheWindow, AreMovedByName) {
  app_->move_panel("why", "right_of", "occupancy");
  frames(2);
  EXPECT_EQ(rect("why").top, rect("occupancy").top);
  EXPECT_THROW(app_->move_panel("why", "behind", "occupancy"), core::UsageError);
  EXPECT_THROW(app_->move_panel("nothing", "tab", "occupancy"), core::UsageError);
  app_->actions().find("usual_layout")->run();
  frames(2);
  EXPECT_THAT(layout().moves, IsEmpty());
}

TEST(LayoutFile, HoldsEverythingThatAPersonChanged) {
  const support::TemporaryDirectory folder;
  LayoutChoice layout{.hidden = {"why"}, .front = {"throughput"}, .left = 1.25F, .below = 0.9F};
  layout = with_moved(layout, {"memory", Side::left_of, "text"});
  layout.heights["text"] = 2;
  layout.widths["memory"] = 0.5F;
  const auto file = folder.path() / "layout.json";
  write_layout(file, layout);
  EXPECT_EQ(read_layout(file), layout);
}

TEST(LayoutFile, IsRefusedWithWhatIsWrongInIt) {
  const support::TemporaryDirectory folder;
  const auto file = folder.path() / "layout.json";
  const auto read = [&] { static_cast<void>(read_layout(file)); };
  EXPECT_THROW(read(), core::Error) << "there is none";
  core::write_file(file, R"({"schema": "sketchscope/run/2"})");
  EXPECT_THAT(read, ThrowsMessage<core::Error>(HasSubstr("sketchscope/run/2")));
  core::write_file(file, R"({"schema": "sketchscope/layout/1", "hidden": 3})");
  EXPECT_THROW(read(), core::Error);
  core::write_file(file, R"({"schema": "sketchscope/layout/1",
                             "moves": [{"panel": "why", "side": "behind", "beside": "text"}]})");
  EXPECT_THAT(read, ThrowsMessage<core::Error>(HasSubstr("behind")));
  core::write_file(file, R"({"schema": "sketchscope/layout/1", "heights": {"text": 1e300}})");
  EXPECT_EQ(read_layout(file).heights.at("text"), LayoutChoice::kLargestSize);
}

}  // namespace
}  // namespace sketchscope::app
