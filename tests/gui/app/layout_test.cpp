#include "gui/app/layout.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "gui/plot/theme.hpp"

namespace sketchscope {
namespace {

struct Window {
  float width;
  float height;
};

class DefaultLayout : public ::testing::TestWithParam<Window> {
 protected:
  Rect area_{12, 60, GetParam().width - 12, GetParam().height - 12};
  Theme theme_;
  std::vector<Place> places_ = default_layout(area_, theme_.unit(), theme_.gap());
};

bool overlap(const Rect& a, const Rect& b) {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

TEST_P(DefaultLayout, PlacesEachPanelOnce) {
  std::set<std::string_view> names;
  for (const auto& place : places_) EXPECT_TRUE(names.insert(place.panel).second) << place.panel;
  EXPECT_EQ(names.size(), 13U);
}

TEST_P(DefaultLayout, KeepsCardsInsideAndApart) {
  for (std::size_t i = 0; i < places_.size(); ++i) {
    const Rect& rect = places_[i].rect;
    EXPECT_GE(rect.left, area_.left) << places_[i].panel;
    EXPECT_GE(rect.top, area_.top) << places_[i].panel;
    EXPECT_LE(rect.right, area_.right) << places_[i].panel;
    EXPECT_LE(rect.bottom, area_.bottom) << places_[i].panel;
    EXPECT_GT(rect.width(), 0) << places_[i].panel;
    EXPECT_GT(rect.height(), 0) << places_[i].panel;
    for (std::size_t j = i + 1; j < places_.size(); ++j) {
      EXPECT_FALSE(overlap(rect, places_[j].rect))
          << places_[i].panel << " and " << places_[j].panel;
    }
  }
}

TEST_P(DefaultLayout, LeavesNoLargeHole) {
  float covered = 0;
  for (const auto& place : places_) covered += place.rect.width() * place.rect.height();
  EXPECT_GT(covered / (area_.width() * area_.height()), 0.9F);
}

TEST_P(DefaultLayout, LeavesEveryCardRoomForItsTitleAndTwoLines) {
  for (const auto& place : places_) {
    EXPECT_GE(place.rect.height(), theme_.unit() * 4.5F) << place.panel;
    EXPECT_GE(place.rect.width(), theme_.unit() * 11) << place.panel;
  }
}

INSTANTIATE_TEST_SUITE_P(Windows, DefaultLayout,
                         ::testing::Values(Window{1600, 1000}, Window{1280, 800},
                                           Window{2560, 1440}, Window{1920, 1080},
                                           Window{1024, 768}),
                         [](const auto& tested) {
                           return std::to_string(static_cast<int>(tested.param.width)) + "x" +
                                  std::to_string(static_cast<int>(tested.param.height));
                         });

TEST(LayoutChoice, LeavesHiddenPanelsOutAndGivesTheirRoomToOthers) {
  const Theme theme;
  const Rect area{0, 0, 1600, 1000};
  LayoutChoice choice;
  for (const char* panel : {"why", "knobs", "bytes", "accuracy"}) choice.hidden.insert(panel);
  const auto places =
      default_layout(area, theme.unit(), theme.gap(), Arrangement::sequence, choice);
  EXPECT_EQ(places.size(), 9U);
  float left = area.right;
  float bottom = 0;
  for (const Place& place : places) {
    EXPECT_FALSE(choice.hidden.contains(std::string(place.panel)));
    left = std::min(left, place.rect.left);
    if (place.panel == "timeline") bottom = place.rect.bottom;
  }
  EXPECT_EQ(left, area.left) << "the column without panels has no width";
  EXPECT_EQ(bottom, area.bottom) << "nothing lies below";
}

TEST(LayoutChoice, PlacesWhatIsLeftWhateverIsHidden) {
  const Theme theme;
  const Rect area{0, 0, 1280, 800};
  const auto all = default_layout(area, theme.unit(), theme.gap());
  for (std::size_t kept = 0; kept < all.size(); ++kept) {
    LayoutChoice choice;
    for (const Place& place : all) choice.hidden.insert(std::string(place.panel));
    choice.hidden.erase(std::string(all[kept].panel));
    const auto places =
        default_layout(area, theme.unit(), theme.gap(), Arrangement::sequence, choice);
    ASSERT_EQ(places.size(), 1U);
    EXPECT_EQ(places[0].panel, all[kept].panel);
    EXPECT_GT(places[0].rect.height(), 0);
  }
}

TEST(LayoutSplitters, MoveTheBorderTheyLieOnByAsMuchAsTheyAreDragged) {
  const Theme theme;
  const Rect area{0, 0, 1600, 1000};
  for (const Splitter& splitter : layout_splitters(area, theme.unit(), theme.gap(), {})) {
    constexpr float kDragged = 20;
    LayoutChoice choice;
    choice.*splitter.share += splitter.per_pixel * kDragged;
    for (const Splitter& moved : layout_splitters(area, theme.unit(), theme.gap(), choice)) {
      if (moved.share != splitter.share) continue;
      const bool upright = splitter.rect.height() > splitter.rect.width();
      const float by =
          upright ? moved.rect.left - splitter.rect.left : moved.rect.top - splitter.rect.top;
      EXPECT_NEAR(by, kDragged, 1);
    }
  }
}

}  // namespace
}  // namespace sketchscope
