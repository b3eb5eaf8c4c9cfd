#include "gui/app/layout.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "gui/plot/theme.hpp"

namespace sketchscope::app {
namespace {

struct WindowSize {
  float width;
  float height;
};

class DefaultLayout : public ::testing::TestWithParam<WindowSize> {
 protected:
  plot::Rect area_{12, 60, GetParam().width - 12, GetParam().height - 12};
  plot::Theme theme_;
  std::vector<Place> places_ = default_layout(area_, theme_.unit(), theme_.gap());
};

bool overlap(const plot::Rect& a, const plot::Rect& b) {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

TEST_P(DefaultLayout, PlacesEachPanelOnce) {
  std::set<std::string_view> names;
  for (const auto& place : places_) EXPECT_TRUE(names.insert(place.panel).second) << place.panel;
  EXPECT_EQ(names.size(), 13U);
}

TEST_P(DefaultLayout, KeepsCardsInsideAndApart) {
  for (std::size_t i = 0; i < places_.size(); ++i) {
    const plot::Rect& rect = places_[i].rect;
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
                         ::testing::Values(WindowSize{1600, 1000}, WindowSize{1280, 800},
                                           WindowSize{2560, 1440}, WindowSize{1920, 1080},
                                           WindowSize{1024, 768}),
                         [](const auto& tested) {
                           return std::to_string(static_cast<int>(tested.param.width)) + "x" +
                                  std::to_string(static_cast<int>(tested.param.height));
                         });

TEST(LayoutChoice, LeavesHiddenPanelsOutAndGivesTheirRoomToOthers) {
  const plot::Theme theme;
  const plot::Rect area{0, 0, 1600, 1000};
  LayoutChoice choice;
  for (const char* panel :
       {"why", "inspector", "scores", "range", "step", "knobs", "bytes", "accuracy"}) {
    choice.hidden.insert(panel);
  }
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
  const plot::Theme theme;
  const plot::Rect area{0, 0, 1280, 800};
  std::vector<std::string_view> all;
  for (const Place& place : default_layout(area, theme.unit(), theme.gap())) {
    for (const std::string_view panel : panels_sharing(place.panel)) all.push_back(panel);
  }
  for (const std::string_view kept : all) {
    LayoutChoice choice;
    for (const std::string_view panel : all) choice.hidden.insert(std::string(panel));
    choice.hidden.erase(std::string(kept));
    const auto places =
        default_layout(area, theme.unit(), theme.gap(), Arrangement::sequence, choice);
    ASSERT_EQ(places.size(), 1U);
    EXPECT_EQ(places[0].panel, kept);
    EXPECT_GT(places[0].rect.height(), 0);
  }
}

TEST(LayoutChoice, BringsOneOfThePanelsThatShareAPlaceToTheFront) {
  LayoutChoice choice = with_in_front({}, "throughput");
  EXPECT_EQ(panel_in_front("memory", choice), "throughput");
  EXPECT_EQ(panel_in_front("why", choice), "why") << "other places stay as they are";
  choice.hidden.insert("throughput");
  EXPECT_EQ(panel_in_front("memory", choice), "memory") << "a hidden panel gives way";
  choice = with_in_front(choice, "throughput");
  EXPECT_EQ(panel_in_front("memory", choice), "throughput") << "what is wanted is shown again";
  EXPECT_EQ(with_in_front(choice, "memory").front, std::set<std::string>{});
}

TEST(GridLayout, ShowsEveryPanelOnceWithoutOverlapAndAlmostWithoutHoles) {
  std::vector<std::string> names;
  std::vector<std::string_view> panels;
  for (int count = 1; count <= 24; ++count) {
    names.push_back("panel " + std::to_string(count));
    panels.assign(names.begin(), names.end());
    const plot::Rect area{10, 20, 2500, 1400};
    const auto places = grid_layout(area, 12, panels);
    ASSERT_EQ(places.size(), panels.size());
    float covered = 0;
    for (std::size_t i = 0; i < places.size(); ++i) {
      EXPECT_EQ(places[i].panel, panels[i]);
      EXPECT_GE(places[i].rect.left, area.left);
      EXPECT_LE(places[i].rect.right, area.right);
      EXPECT_LE(places[i].rect.bottom, area.bottom);
      for (std::size_t j = i + 1; j < places.size(); ++j) {
        EXPECT_FALSE(overlap(places[i].rect, places[j].rect)) << count;
      }
      covered += places[i].rect.width() * places[i].rect.height();
    }
    EXPECT_GT(covered / (area.width() * area.height()), 0.85F) << count;
  }
}

TEST(LayoutSplitters, MoveTheBorderTheyLieOnByAsMuchAsTheyAreDragged) {
  const plot::Theme theme;
  const plot::Rect area{0, 0, 1600, 1000};
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
}  // namespace sketchscope::app
