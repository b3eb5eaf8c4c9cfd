#include "gui/panels/attention_picture.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "engine/core/random.hpp"
#include "tests/support/invented_attention.hpp"

namespace sketchscope::panels {
namespace {

TEST(AttentionPictures, ThatFollowsARunEqualsOneThatIsDrawnAtOnce) {
  core::SplitMix64 random(5);
  const LevelColors colors(plot::Theme{}, view::AttentionSide::lane);
  for (const int most_rows : {40, 5}) {
    std::vector<std::shared_ptr<const run::AttentionRow>> rows;
    view::ReducedAttention attention;
    AttentionPictures following;
    for (int step = 0; step < 80; ++step) {
      rows.push_back(test::invented_attention(step, step + 1, random));
      if (rows.size() > 30) rows.erase(rows.begin());
      if (random.below(15) == 0) rows.back() = test::invented_attention(step, step + 1, random);
      attention.show(rows, view::AttentionSide::lane, {0, 6}, {32, most_rows});
      following.show(attention, 4, colors);
      AttentionPictures made;
      made.show(attention, 4, colors);
      ASSERT_EQ(following.sheet().width, 4 * attention.columns());
      ASSERT_EQ(following.sheet().height, 2 * attention.blocks());
      ASSERT_EQ(following.sheet().pixels, made.sheet().pixels) << step;
    }
  }
}

TEST(AttentionPictures, HasTheColourOfEachLevelAndOfKeysThatCameLater) {
  core::SplitMix64 random(6);
  const LevelColors colors(plot::Theme{}, view::AttentionSide::lane);
  std::vector<std::shared_ptr<const run::AttentionRow>> rows;
  for (int step = 0; step < 9; ++step) {
    rows.push_back(test::invented_attention(step, step + 1, random));
  }
  view::ReducedAttention attention;
  attention.show(rows, view::AttentionSide::lane, {0, 6}, {9, 9});
  AttentionPictures pictures;
  pictures.show(attention, 4, colors);
  for (const int head : {2, 5}) {
    const plot::Image picture = plot::cut_out(pictures.sheet(), pictures.part(head));
    for (int query = 0; query < 9; ++query) {
      for (int key = 0; key < 9; ++key) {
        const plot::Color found = picture.pixels[static_cast<std::size_t>(query * 9 + key)];
        const bool seen = key <= query;
        EXPECT_EQ(found,
                  seen ? colors.of(attention.levels(query, head)[static_cast<std::size_t>(key)])
                       : colors.unseen());
      }
    }
  }
}

}  // namespace
}  // namespace sketchscope::panels
