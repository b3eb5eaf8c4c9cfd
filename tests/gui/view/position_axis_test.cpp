#include "gui/view/position_axis.hpp"

#include <gtest/gtest.h>

#include "engine/core/random.hpp"

namespace sketchscope::view {
namespace {

TEST(PositionSpan, GrowsTokenByTokenAndNeverJumps) {
  constexpr int kContext = 1024;
  int before = position_span(1, kContext);
  for (int positions = 2; positions <= kContext; ++positions) {
    const int span = position_span(positions, kContext);
    EXPECT_GE(span, positions);
    EXPECT_LE(span - before, 1) << positions;
    before = span;
  }
  EXPECT_EQ(before, kContext);
  EXPECT_EQ(position_span(1, 32), 32) << "no room for positions that the model does not have";
  EXPECT_EQ(position_span(40, 32), 40) << "a run may outgrow the context";
}

TEST(PositionWindow, KeepsThePlaceItZoomsAt) {
  PositionWindow window;
  EXPECT_EQ(window.range(400), (PositionRange{0, 400}));
  window.zoom(100, 0.5, 400);
  EXPECT_EQ(window.range(400), (PositionRange{50, 250}));
  window.pan(30, 400);
  EXPECT_EQ(window.range(400), (PositionRange{80, 280}));
  EXPECT_EQ(window.range(500), (PositionRange{80, 280})) << "it stays while the run goes on";
  window.fit();
  EXPECT_TRUE(window.shows_all());
}

TEST(PositionWindow, FollowsTheNewestWhereItsEndIsTheirs) {
  PositionWindow window;
  window.show({300, 400}, 400);
  EXPECT_EQ(window.range(450), (PositionRange{350, 450}));
}

TEST(PositionWindow, NeverLeavesThePositionsWhateverTheHandDoes) {
  core::SplitMix64 random(9);
  const auto share = [&] { return static_cast<double>(random.next() % 1000) / 1000; };
  PositionWindow window;
  for (int move = 0; move < 5000; ++move) {
    const int span = 20 + static_cast<int>(random.next() % 400);
    if (random.next() % 2 == 0) {
      window.zoom(share() * span, 0.2 + 3 * share(), span);
    } else {
      window.pan((share() - 0.5) * 900, span);
    }
    const PositionRange range = window.range(span);
    ASSERT_GE(range.first, 0);
    ASSERT_LE(range.end, span);
    ASSERT_GE(range.count(), 1);
  }
}

}  // namespace
}  // namespace sketchscope::view
