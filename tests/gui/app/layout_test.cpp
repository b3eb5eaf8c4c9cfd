#include "gui/app/layout.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <set>
#include <string>

#include "engine/core/error.hpp"
#include "engine/core/random.hpp"
#include "gui/plot/theme.hpp"

namespace sketchscope::app {
namespace {

using ::testing::ElementsAre;

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
  EXPECT_EQ(panel_in_front("memory", with_in_front(choice, "memory")), "memory");
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

/// Every arrangement, for tests that hold in all of them.
constexpr std::array kArrangements = {Arrangement::sequence, Arrangement::paths, Arrangement::runs,
                                      Arrangement::study, Arrangement::study_runs};

const Place& place_of(const std::vector<Place>& places, std::string_view panel) {
  const auto found = std::ranges::find_if(places, [&](const Place& place) {
    return std::ranges::find(place.tabs, panel) != place.tabs.end();
  });
  EXPECT_NE(found, places.end()) << panel;
  return *found;
}

TEST(LayoutSplitters, MoveTheBorderTheyLieOnByAsMuchAsTheyAreDragged) {
  const plot::Theme theme;
  const plot::Rect area{0, 0, 1920, 2400};  // so that no row is near its least height
  for (const Arrangement arrangement : kArrangements) {
    const auto splitters = [&](const LayoutChoice& choice) {
      return layout_splitters(area, theme.unit(), theme.gap(), choice, arrangement);
    };
    std::set<std::string> names;
    for (const Splitter& splitter : splitters({})) {
      EXPECT_TRUE(names.insert(splitter.name()).second) << splitter.name();
      constexpr float kDragged = 20;
      for (const Splitter& moved : splitters(with_dragged({}, splitter, kDragged))) {
        if (moved.name() != splitter.name()) continue;
        const float by = splitter.is_upright() ? moved.rect.left - splitter.rect.left
                                               : moved.rect.top - splitter.rect.top;
        EXPECT_NEAR(by, kDragged, 2) << splitter.name();
      }
    }
    EXPECT_GE(names.size(), 9U) << "three columns, and the rows of two of them at least";
  }
}

TEST(LayoutSplitters, LeaveEveryCardSomeRoomHoweverFarTheyAreDragged) {
  const plot::Theme theme;
  const plot::Rect area{0, 0, 1600, 1000};
  LayoutChoice choice;
  core::SplitMix64 random(4);
  for (int drag = 0; drag < 300; ++drag) {
    const auto splitters = layout_splitters(area, theme.unit(), theme.gap(), choice);
    choice = with_dragged(choice, splitters[random.below(splitters.size())],
                          static_cast<float>(random.below(4000)) - 2000);
    for (const Place& place : default_layout(area, theme.unit(), theme.gap(), {}, choice)) {
      ASSERT_GT(place.rect.width(), theme.unit()) << place.panel << " after " << drag;
      ASSERT_GT(place.rect.height(), theme.unit()) << place.panel << " after " << drag;
    }
  }
}

TEST(MovedCards, LieOnTheSideTheyWereDroppedOn) {
  const plot::Theme theme;
  const plot::Rect area{0, 0, 1600, 1000};
  const auto layout = [&](const LayoutChoice& choice) {
    return default_layout(area, theme.unit(), theme.gap(), Arrangement::sequence, choice);
  };
  for (const Side side : {Side::above, Side::below, Side::left_of, Side::right_of}) {
    const auto places = layout(with_moved({}, {"memory", side, "text"}));
    const plot::Rect memory = place_of(places, "memory").rect;
    const plot::Rect text = place_of(places, "text").rect;
    EXPECT_EQ(memory.bottom < text.top + 1, side == Side::above);
    EXPECT_EQ(memory.top > text.bottom - 1, side == Side::below);
    EXPECT_EQ(memory.right < text.left + 1, side == Side::left_of);
    EXPECT_EQ(memory.left > text.right - 1, side == Side::right_of);
    EXPECT_EQ(memory.left == text.left, side == Side::above || side == Side::below);
    EXPECT_EQ(memory.top == text.top, side == Side::left_of || side == Side::right_of);
    EXPECT_EQ(place_of(places, "throughput").panel, "throughput")
        << "the tab that it left is in front now";
  }
  const auto places = layout(with_moved({}, {"memory", Side::tab, "text"}));
  EXPECT_THAT(place_of(places, "text").tabs, ElementsAre("text", "memory"));
  EXPECT_EQ(place_of(places, "text").panel, "memory") << "what was moved is in front";
}

TEST(SmallWindows, HaveEveryPanelOnceInCardsThatCanBeRead) {
  const plot::Theme theme;
  const float unit = theme.unit();
  for (const Arrangement arrangement : kArrangements) {
    std::vector<std::string_view> usual;
    for (const Place& place : default_layout({0, 0, 1600, 1000}, unit, theme.gap(), arrangement)) {
      usual.insert(usual.end(), place.tabs.begin(), place.tabs.end());
    }
    std::ranges::sort(usual);
    for (float width = 32; width < 100; width += 4) {
      for (float height = 18; height < 60; height += 3) {
        const plot::Rect area{0, 0, width * unit, height * unit};
        const auto places = default_layout(area, unit, theme.gap(), arrangement);
        std::vector<std::string_view> panels;
        for (std::size_t i = 0; i < places.size(); ++i) {
          const plot::Rect& card = places[i].rect;
          panels.insert(panels.end(), places[i].tabs.begin(), places[i].tabs.end());
          EXPECT_GE(card.width(), 11 * unit) << places[i].panel << " " << width << " " << height;
          EXPECT_GE(card.height(), 4.5F * unit) << places[i].panel << " " << width << " " << height;
          EXPECT_LE(card.right, area.right + 1);
          EXPECT_LE(card.bottom, area.bottom + 1);
          for (std::size_t j = 0; j < i; ++j) EXPECT_FALSE(overlap(card, places[j].rect));
        }
        std::ranges::sort(panels);
        ASSERT_EQ(panels, usual) << width << " " << height;
      }
    }
  }
}

TEST(SmallWindows, BringEveryPanelToTheFront) {
  const plot::Theme theme;
  const float unit = theme.unit();
  const plot::Rect area{0, 0, 50 * unit, 34 * unit};
  LayoutChoice choice;
  for (const Place& whole : default_layout({0, 0, 1600, 1000}, unit, theme.gap())) {
    for (const std::string_view panel : whole.tabs) {
      choice = with_in_front(choice, panel);
      const auto places = default_layout(area, unit, theme.gap(), Arrangement::sequence, choice);
      EXPECT_LE(places.size(), 6U);
      EXPECT_NE(std::ranges::find(places, panel, &Place::panel), places.end()) << panel;
    }
  }
}

TEST(MovedCards, AreAllThereOnceWithoutOverlapWhateverWasMoved) {
  const plot::Theme theme;
  const plot::Rect area{0, 0, 1920, 1200};
  core::SplitMix64 random(7);
  for (const Arrangement arrangement : kArrangements) {
    const auto all = [&](const LayoutChoice& choice) {
      std::vector<std::string> panels;
      const auto places = default_layout(area, theme.unit(), theme.gap(), arrangement, choice);
      for (std::size_t i = 0; i < places.size(); ++i) {
        panels.insert(panels.end(), places[i].tabs.begin(), places[i].tabs.end());
        for (std::size_t j = 0; j < i; ++j) {
          EXPECT_FALSE(overlap(places[i].rect, places[j].rect));
        }
      }
      std::ranges::sort(panels);
      return panels;
    };
    const std::vector<std::string> usual = all({});
    LayoutChoice choice;
    for (int move = 0; move < 60; ++move) {
      const std::string& panel = usual[random.below(usual.size())];
      const std::string& beside = usual[random.below(usual.size())];
      choice = with_moved(choice, {panel, static_cast<Side>(random.below(5)), beside});
      ASSERT_EQ(all(choice), usual) << panel << " to " << beside;
    }
    EXPECT_LE(choice.moves.size(), 60U);
  }
}

TEST(MovedCards, OfPanelsThatThereAreNotChangeNothing) {
  const plot::Theme theme;
  const plot::Rect area{0, 0, 1600, 1000};
  LayoutChoice choice;
  choice.moves = {{"memory", Side::tab, "nothing"},
                  {"nothing", Side::above, "text"},
                  {"text", Side::below, "text"},
                  {"branching", Side::tab, "text"}};
  const auto usual = default_layout(area, theme.unit(), theme.gap());
  const auto moved = default_layout(area, theme.unit(), theme.gap(), Arrangement::sequence, choice);
  ASSERT_EQ(moved.size(), usual.size());
  for (std::size_t i = 0; i < usual.size(); ++i) {
    EXPECT_EQ(moved[i].panel, usual[i].panel);
    EXPECT_EQ(moved[i].rect, usual[i].rect);
  }
}

TEST(DropSide, IsTheNearestEdgeOrATab) {
  const plot::Rect card{100, 100, 500, 300};
  EXPECT_EQ(drop_side(card, {300, 110}, 25), Side::tab) << "on the header";
  EXPECT_EQ(drop_side(card, {300, 140}, 25), Side::above);
  EXPECT_EQ(drop_side(card, {300, 290}, 25), Side::below);
  EXPECT_EQ(drop_side(card, {120, 200}, 25), Side::left_of);
  EXPECT_EQ(drop_side(card, {480, 200}, 25), Side::right_of);
  EXPECT_EQ(drop_side(card, {300, 210}, 25), Side::tab) << "inside";
  for (const Side side : {Side::tab, Side::above, Side::below, Side::left_of, Side::right_of}) {
    const plot::Rect part = drop_area(card, side);
    EXPECT_GE(part.left, card.left);
    EXPECT_LE(part.bottom, card.bottom);
    EXPECT_EQ(side_of(side_name(side)), side);
  }
  EXPECT_THROW(static_cast<void>(side_of("behind")), core::UsageError);
}

}  // namespace
}  // namespace sketchscope::app
