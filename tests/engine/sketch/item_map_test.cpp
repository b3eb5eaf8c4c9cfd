#include "engine/sketch/items.hpp"

#include <gtest/gtest.h>

#include <numeric>
#include <set>
#include <vector>

namespace sketchscope::sketch {
namespace {

constexpr int kContext = 1024;

std::vector<int> all_positions() {
  std::vector<int> positions(kContext);
  std::iota(positions.begin(), positions.end(), 0);
  return positions;
}

std::set<std::uint32_t> distinct_items(const ItemMap& items) {
  std::set<std::uint32_t> ids;
  for (int row = 0; row < items.rows(); ++row) {
    for (std::size_t slot = 0; slot < items.positions.size(); ++slot)
      ids.insert(items.id(row, slot));
  }
  return ids;
}

TEST(ItemMap, GivesEveryPositionAnItemOfItsOwn) {
  const std::vector<int> positions = all_positions();
  const ItemMap items{
      .heads = {.first = 0, .count = 12}, .context = kContext, .positions = positions};
  EXPECT_EQ(items.rows(), 1);
  EXPECT_EQ(distinct_items(items).size(), 1024U);
}

TEST(ItemMap, GivesEveryPositionOfEveryHeadAnItemOfItsOwn) {
  const std::vector<int> positions = all_positions();
  const ItemMap items{.key = SketchKey::head_position,
                      .heads = {.first = 0, .count = 12},
                      .context = kContext,
                      .positions = positions};
  const std::set<std::uint32_t> ids = distinct_items(items);
  EXPECT_EQ(ids.size(), 12U * 1024);
  EXPECT_EQ(*ids.rbegin(), 12U * 1024 - 1);
}

TEST(ItemMap, GivesAHeadTheSameItemsInATableOfItsOwnAsInASharedOne) {
  const std::vector<int> positions = {7, 3, 900};
  const ItemMap shared{.key = SketchKey::head_position,
                       .heads = {.first = 0, .count = 4},
                       .context = kContext,
                       .positions = positions};
  ItemMap own = shared;
  own.heads = {.first = 2, .count = 1};
  EXPECT_EQ(own.rows(), 1);
  for (std::size_t slot = 0; slot < 3; ++slot) EXPECT_EQ(own.id(0, slot), shared.id(2, slot));
}

TEST(ItemMap, CountsATokenWhereverItStands) {
  const std::vector<int> positions = {3, 9};
  const std::vector<int> tokens = {50256, 50256};
  const ItemMap items{
      .key = SketchKey::token, .context = kContext, .positions = positions, .tokens = tokens};
  EXPECT_EQ(items.id(0, 0), 50256U);
  EXPECT_EQ(items.id(0, 1), 50256U);
}

TEST(ItemMap, TellsWhoseKeyIsGone) {
  const std::vector<int> positions = {0, 1, 2};
  const std::vector<std::uint32_t> codes = {5, ItemMap::kUnknownCode};
  ItemMap items{.key = SketchKey::key_lsh, .positions = positions, .codes = codes};
  EXPECT_TRUE(items.known(0));
  EXPECT_EQ(items.id(0, 0), 5U);
  EXPECT_FALSE(items.known(1));
  EXPECT_FALSE(items.known(2));
  items.key = SketchKey::position;
  EXPECT_TRUE(items.known(1));
}

}  // namespace
}  // namespace sketchscope::sketch
