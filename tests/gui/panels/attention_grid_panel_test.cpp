#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/core/random.hpp"
#include "tests/gui/panels/panel_stage.hpp"
#include "tests/support/invented_attention.hpp"

namespace sketchscope::panels {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// The grid of a model of thirty layers of six heads, twenty steps long.
class AttentionGrid : public ::testing::Test {
 protected:
  AttentionGrid() {
    stage_.advance(20);
    core::SplitMix64 random(3);
    for (const auto& record : stage_.history.records()) {
      stage_.state.attention.push_back(test::invented_attention(record->step, record->position + 1,
                                                                random, true, kLayers, kHeads));
    }
  }
  /// Draws the small pictures alone, in an area too narrow for the large one.
  void draw(float height) {
    stage_.place = plot::Rect{0, 0, 400, height};
    stage_.draw();
  }

  static constexpr int kLayers = 30;
  static constexpr int kHeads = 6;
  test::PanelStage stage_{"attention-grid", {.layers = kLayers}};
};

TEST_F(AttentionGrid, DrawsEveryHeadOfEveryLayerInALowCardToo) {
  for (const float height : {600.0F, 110.0F, 85.0F}) {
    draw(height);
    EXPECT_EQ(stage_.canvas.images.size(), kLayers * kHeads) << height;
    EXPECT_THAT(stage_.canvas.words(), Not(HasSubstr("No room")));
  }
}

TEST_F(AttentionGrid, SaysSoWhereThereIsNoRoomForIt) {
  draw(50);
  EXPECT_TRUE(stage_.canvas.images.empty());
  EXPECT_THAT(stage_.canvas.words(), HasSubstr("No room for 30 × 6 pictures"));
}

}  // namespace
}  // namespace sketchscope::panels
