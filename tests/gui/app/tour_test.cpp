#include "gui/app/tour.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gui/app/app.hpp"
#include "gui/app/layout.hpp"
#include "gui/driver/script.hpp"
#include "tests/gui/platform/offscreen_window.hpp"
#include "tests/support/invented_source.hpp"
#include "tests/support/temporary_directory.hpp"

namespace sketchscope::app {
namespace {

float overlap(const plot::Rect& a, const plot::Rect& b) {
  return std::max(0.0F, std::min(a.right, b.right) - std::max(a.left, b.left)) *
         std::max(0.0F, std::min(a.bottom, b.bottom) - std::max(a.top, b.top));
}

TEST(TourPages, AreSixWithScriptsThatCanBeRead) {
  ASSERT_EQ(tour_pages().size(), 6U);
  for (const TourPage& page : tour_pages()) {
    EXPECT_NO_THROW(EXPECT_FALSE(driver::parse_script(page.script).empty())) << page.title;
    EXPECT_FALSE(page.text.empty());
  }
}

TEST(TourCard, CoversNothingOfAPanelThatLeavesRoomBesideItAndLiesInTheWindow) {
  constexpr float kGap = 12;
  constexpr plot::Size kCard{375, 210};
  for (const plot::Size size :
       {plot::Size{1280, 800}, plot::Size{1600, 1000}, plot::Size{2560, 1440}}) {
    const plot::Rect window{0, 48, size.width, size.height};
    for (const Place& place : default_layout(window, 12.5F, kGap)) {
      const plot::Rect card = tour_card_place(place.rect, {}, kCard, window, kGap);
      EXPECT_GE(card.left, window.left) << place.panel;
      EXPECT_GE(card.top, window.top) << place.panel;
      EXPECT_LE(card.right, window.right) << place.panel;
      EXPECT_LE(card.bottom, window.bottom) << place.panel;
      EXPECT_EQ(overlap(card, place.rect), 0) << place.panel << " at width " << size.width;
    }
  }
}

TEST(TourCard, LeavesThePanelItNamesUncoveredWhereItCan) {
  const plot::Rect window{0, 0, 1600, 1000};
  const plot::Rect target{300, 400, 800, 650};
  const plot::Rect right{812, 400, 1200, 650};
  const plot::Rect card = tour_card_place(target, right, {375, 210}, window, 12);
  EXPECT_EQ(overlap(card, target), 0);
  EXPECT_EQ(overlap(card, right), 0);
}

class TouredWindow : public test::OffscreenWindow {
 protected:
  void run(const char* action) {
    const widgets::Action* found = app_->actions().find(action);
    ASSERT_NE(found, nullptr) << action;
    ASSERT_TRUE(found->is_enabled()) << action;
    found->run();
    app_->frame();
    app_->frame();
  }
  void start() {
    app_.emplace(*platform_, source_, folder_.path() / "settings.json");
    app_->frame();
    app_->frame();
  }

  support::TemporaryDirectory folder_;
  test::InventedSource source_{{}, false};
  std::optional<App> app_;
};

TEST_F(TouredWindow, PointsAtAPanelOfTheScreenOnEveryPageAndShowsWhatItTells) {
  start();
  const settings::Knobs before = app_->state().wanted;
  run("tour");
  for (std::size_t page = 0; page < tour_pages().size(); ++page) {
    EXPECT_TRUE(app_->items().find("Tour"));
    EXPECT_TRUE(app_->items().find(tour_pages()[page].panel)) << tour_pages()[page].panel;
    run("tour_show");
    EXPECT_THAT(app_->notices().errors(), ::testing::IsEmpty()) << tour_pages()[page].title;
    if (tour_pages()[page].panel == "sketch") {
      EXPECT_EQ(app_->state().wanted.sketch_width, 64) << "as the page narrows it";
    }
    run("tour_next");
  }
  EXPECT_FALSE(app_->items().find("Tour"));
  EXPECT_NE(before.sketch_width, 64);
  EXPECT_EQ(app_->state().wanted.sketch_width, before.sketch_width) << "as the tour found it";
  EXPECT_EQ(app_->state().wanted.max_cache_size, before.max_cache_size);
  EXPECT_FALSE(app_->actions().find("tour_show")->is_enabled());
}

TEST_F(TouredWindow, OffersTheTourUntilItWasSeenOrDeclined) {
  start();
  EXPECT_TRUE(app_->items().find("TourOffer"));
  run("tour_decline");
  EXPECT_FALSE(app_->items().find("TourOffer"));
  start();
  EXPECT_FALSE(app_->items().find("TourOffer")) << "remembered";
}

TEST_F(TouredWindow, OffersNothingWhereNothingIsRemembered) {
  app_.emplace(*platform_, source_);
  app_->frame();
  app_->frame();
  EXPECT_FALSE(app_->items().find("TourOffer"));
}

}  // namespace
}  // namespace sketchscope::app
