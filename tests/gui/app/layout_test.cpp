#include "gui/app/layout.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

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

}  // namespace
}  // namespace sketchscope
