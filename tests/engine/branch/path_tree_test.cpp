#include "engine/branch/path_tree.hpp"

#include <gmock/gmock.h>

#include <map>
#include <set>

#include "engine/core/random.hpp"

namespace sketchscope::branch {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<DrawnToken> drawn(const std::vector<int>& tokens) {
  std::vector<DrawnToken> all;
  for (const int token : tokens) all.push_back({.token = token, .log_probability = -1.0 * token});
  return all;
}

TEST(PathTree, ForksAPathThatGoesOnWithTheFirstToken) {
  PathTree tree(10);
  tree.grow(0, drawn({5}));
  EXPECT_THAT(tree.grow(0, drawn({6, 7})), ElementsAre(0, 1));
  EXPECT_THAT(tree.grow(1, drawn({8, 9})), ElementsAre(1, 2));
  EXPECT_THAT(tree.tokens_of(0), ElementsAre(5, 6));
  EXPECT_THAT(tree.tokens_of(1), ElementsAre(5, 7, 8));
  EXPECT_THAT(tree.tokens_of(2), ElementsAre(5, 7, 9));
  EXPECT_EQ(tree.path(0).parent, std::nullopt);
  EXPECT_EQ(tree.path(1).parent, 0);
  EXPECT_EQ(tree.path(2).parent, 1);
  EXPECT_THAT(tree.branch_positions_of(0), ElementsAre(11));
  EXPECT_THAT(tree.branch_positions_of(2), ElementsAre(11, 12));
  EXPECT_EQ(tree.leaf(2).log_probability, -5 - 7 - 9);
}

TEST(PathTree, BeginsAsOneEmptyPathOverThePrompt) {
  const PathTree tree(10);
  EXPECT_THAT(tree.tokens_of(0), IsEmpty());
  EXPECT_EQ(tree.live_tokens(), 10U);
}

// A second implementation that keeps paths as plain lists of tokens.
class ListedPaths {
 public:
  void grow(int path, const std::vector<int>& ids, const std::vector<int>& tokens) {
    const std::vector<int> before = lists_[path];
    for (std::size_t i = 0; i < ids.size(); ++i) {
      lists_[ids[i]] = before;
      lists_[ids[i]].push_back(tokens[i]);
      live_.insert(ids[i]);
    }
  }
  void finish(int path) { live_.erase(path); }

  [[nodiscard]] const std::map<int, std::vector<int>>& lists() const { return lists_; }
  [[nodiscard]] const std::set<int>& live() const { return live_; }
  [[nodiscard]] std::size_t distinct_live_tokens() const {
    std::set<std::vector<int>> prefixes;
    for (const int path : live_) {
      const auto& list = lists_.at(path);
      for (std::size_t length = 1; length <= list.size(); ++length) {
        prefixes.insert({list.begin(), list.begin() + static_cast<std::ptrdiff_t>(length)});
      }
    }
    return prefixes.size();
  }

 private:
  std::map<int, std::vector<int>> lists_ = {{0, {}}};
  std::set<int> live_ = {0};
};

TEST(PathTree, HoldsTheTokensOfRandomlyGrownPathsAndCountsTheDistinctOnes) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    core::SplitMix64 random(seed);
    PathTree tree(7);
    ListedPaths listed;
    for (int step = 0; step < 60 && !listed.live().empty(); ++step) {
      const auto at = static_cast<std::ptrdiff_t>(random.below(listed.live().size()));
      const int path = *std::next(listed.live().begin(), at);
      if (random.below(4) == 0) {
        tree.finish(path, PathState::pruned);
        listed.finish(path);
      } else {
        std::vector<int> tokens;  // distinct, as those of a draw are
        for (std::uint64_t i = 0; i <= random.below(3); ++i) {
          tokens.push_back(static_cast<int>(10 * i + random.below(10)));
        }
        listed.grow(path, tree.grow(path, drawn(tokens)), tokens);
      }
      ASSERT_EQ(tree.live_tokens(), 7 + listed.distinct_live_tokens()) << "seed " << seed;
    }
    for (const auto& [path, tokens] : listed.lists()) EXPECT_EQ(tree.tokens_of(path), tokens);
  }
}

}  // namespace
}  // namespace sketchscope::branch
