#include "gui/view/path_picture.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <set>

#include "engine/core/random.hpp"

namespace sketchscope::view {
namespace {

std::vector<branch::DrawnToken> drawn(const std::vector<std::pair<int, double>>& tokens) {
  std::vector<branch::DrawnToken> all;
  for (const auto& [token, probability] : tokens) {
    all.push_back({.token = token, .log_probability = std::log(probability), .entropy = 0.3});
  }
  return all;
}

TEST(PathPicture, GivesWhatPathsHaveInCommonToTheLikeliest) {
  branch::BranchState state{.tree = branch::PathTree(10)};
  state.tree.grow(0, drawn({{5, 1.0}}));
  state.tree.grow(0, drawn({{6, 0.2}, {7, 0.6}, {8, 0.2}}));
  state.tree.finish(2, branch::PathState::pruned);
  const PathPicture picture = path_picture(state);
  ASSERT_EQ(picture.rows.size(), 2U);
  EXPECT_EQ(picture.rows[0].path, 1);
  EXPECT_EQ(picture.rows[0].tokens.size(), 2U);
  EXPECT_NEAR(picture.rows[0].weight, 0.75, 1e-12);
  EXPECT_NEAR(picture.rows[0].tokens[0].weight, 1, 1e-12);
  EXPECT_EQ(picture.rows[1].path, 0);
  EXPECT_EQ(picture.rows[1].parent_row, 0);
  ASSERT_EQ(picture.rows[1].tokens.size(), 1U);
  EXPECT_EQ(picture.rows[1].tokens[0].token, 6);
  EXPECT_EQ(picture.rows[1].tokens[0].depth, 2);
  EXPECT_EQ(picture.deepest, 2);
}

TEST(PathPicture, KnowsHowManyPathsHoldAPage) {
  branch::BranchState state{.tree = branch::PathTree(2)};
  state.tree.grow(0, drawn({{5, 1.0}}));
  state.tree.grow(0, drawn({{6, 1.0}}));
  state.sharing = {{.path = 0, .holders = {3, 3, 2}}};
  const PathPicture picture = path_picture(state);
  EXPECT_EQ(picture.rows[0].tokens[0].holders, 2);
  EXPECT_EQ(picture.rows[0].tokens[1].holders, 0);  // drawn, but not stored yet
}

TEST(PathPicture, DrawsEveryTokenOfARandomTreeOnceAndNoBranchAcrossAnother) {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    core::SplitMix64 random(seed);
    branch::BranchState state{.tree = branch::PathTree(4)};
    std::vector<int> live = {0};
    for (int step = 0; step < 12; ++step) {
      std::vector<int> next;
      for (const int path : live) {
        std::vector<std::pair<int, double>> tokens;
        for (std::uint64_t i = 0; i <= random.below(2); ++i) {
          tokens.emplace_back(static_cast<int>(i), 0.1 + 0.4 * random.uniform());
        }
        for (const int grown : state.tree.grow(path, drawn(tokens))) next.push_back(grown);
      }
      while (next.size() > 7) {
        state.tree.finish(next.back(), branch::PathState::pruned);
        next.pop_back();
      }
      live = next;
    }
    const PathPicture picture = path_picture(state);
    std::set<std::pair<std::size_t, int>> places;
    std::size_t tokens = 0;
    for (std::size_t row = 0; row < picture.rows.size(); ++row) {
      for (const auto& token : picture.rows[row].tokens) {
        places.emplace(row, token.depth);
        ++tokens;
      }
    }
    EXPECT_EQ(tokens + 4, state.tree.live_tokens()) << "seed " << seed;
    for (std::size_t row = 1; row < picture.rows.size(); ++row) {
      const PathRow& own = picture.rows[row];
      ASSERT_FALSE(own.tokens.empty());
      ASSERT_LT(own.parent_row, static_cast<int>(row));
      // The upright line to the parent's row meets no token of the rows between.
      const int at = own.tokens.front().depth;
      for (auto between = static_cast<std::size_t>(own.parent_row) + 1; between < row; ++between) {
        EXPECT_GE(picture.rows[between].tokens.front().depth, at) << "seed " << seed;
      }
    }
  }
}

}  // namespace
}  // namespace sketchscope::view
