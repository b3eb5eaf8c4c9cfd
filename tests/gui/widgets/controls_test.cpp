#include "gui/widgets/controls.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sketchscope::widgets {
namespace {

using ::testing::ElementsAre;

TEST(ItemRegistry, ForgetsWhatIsNoLongerDrawn) {
  ItemRegistry items;
  items.begin_frame();
  items.note("Run/play", {0, 0, 1, 1});
  items.begin_frame();
  EXPECT_TRUE(items.find("Run/play"));
  items.begin_frame();
  EXPECT_FALSE(items.find("Run/play"));
}

TEST(ItemRegistry, KnowsTheNearestNames) {
  ItemRegistry items;
  items.begin_frame();
  items.note("Run/play", {});
  items.note("Run/pause", {});
  items.note("Knobs/sinks", {});
  EXPECT_THAT(items.nearest("Run/plai", 1), ElementsAre("Run/play"));
}

}  // namespace
}  // namespace sketchscope::widgets
