#include "gui/app/card.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <set>

#include "tests/support/recording_canvas.hpp"

namespace sketchscope::app {
namespace {

constexpr std::array<std::string_view, 5> kOthers = {"Stored", "Pages", "Sketch counters", "Run",
                                                     "Attention"};

class HeaderOfTabs : public ::testing::TestWithParam<std::size_t> {
 protected:
  [[nodiscard]] CardHeader header() const {
    return {.title = "Occupancy", .tab_titles = kOthers, .title_at = GetParam()};
  }
  [[nodiscard]] plot::Rect card(float width) const { return {10, 10, 10 + width, 200}; }

  test::RecordingCanvas canvas_;
  plot::Theme theme_;
};

TEST_P(HeaderOfTabs, ShowsTheTitleAndAsManyNeighboursAsFitBeforeTheMenu) {
  std::set<std::size_t> counts;
  for (float width = 120; width < 900; width += 7) {
    const CardTabs areas = card_tab_areas(canvas_, theme_, card(width), header());
    ASSERT_EQ(areas.tabs.size(), kOthers.size());
    EXPECT_GT(areas.title.width(), 0);
    std::vector<plot::Rect> words = areas.tabs;
    words.insert(words.begin() + static_cast<std::ptrdiff_t>(GetParam()), areas.title);
    const auto left_out = [](const plot::Rect& area) { return area.width() <= 0; };
    EXPECT_EQ(static_cast<std::size_t>(std::ranges::count_if(words, left_out)), areas.left_out);
    std::erase_if(words, left_out);
    if (areas.left_out > 0) {
      words.push_back(areas.more);
      EXPECT_TRUE(left_out(areas.tabs.at(areas.next_left_out)));
    }
    for (std::size_t word = 1; word < words.size(); ++word) {
      EXPECT_GT(words[word].left, words[word - 1].right) << width;
    }
    const bool title_alone = areas.left_out == kOthers.size();
    if (!title_alone) {
      EXPECT_LT(words.back().right, card_menu_area(theme_, card(width)).left) << width;
    }
    counts.insert(areas.left_out);
  }
  EXPECT_TRUE(counts.contains(0)) << "all fit into the widest card";
  EXPECT_GT(counts.size(), 3U);
}

INSTANTIATE_TEST_SUITE_P(Places, HeaderOfTabs,
                         ::testing::Range(std::size_t{0}, kOthers.size() + 1));

}  // namespace
}  // namespace sketchscope::app
