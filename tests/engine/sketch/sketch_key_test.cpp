#include "engine/sketch/sketch_key.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "engine/core/error.hpp"

namespace sketchscope {
namespace {

TEST(SketchKey, HasTheNamesOfTheDesignInEnumOrder) {
  EXPECT_THAT(sketch_key_names(), testing::ElementsAre("position", "head-position", "token"));
  EXPECT_EQ(sketch_key_from("position"), SketchKey::position);
  EXPECT_EQ(sketch_key_from("head-position"), SketchKey::head_position);
  EXPECT_EQ(sketch_key_from("token"), SketchKey::token);
}

TEST(SketchKey, NamesTheKeysThereAreWhenAskedForAnother) {
  try {
    sketch_key_from("positions");
    FAIL() << "an unknown key was taken";
  } catch (const UsageError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("positions"));
    EXPECT_THAT(error.what(), testing::HasSubstr("head-position"));
  }
}

TEST(SketchKey, GivesEveryPositionAnItemOfItsOwn) {
  std::set<std::uint32_t> items;
  for (int position = 0; position < 1024; ++position) {
    items.insert(item_id(SketchKey::position, {.position = position, .positions = 1024}));
  }
  EXPECT_EQ(items.size(), 1024U);
}

TEST(SketchKey, GivesEveryPositionOfEveryHeadAnItemOfItsOwn) {
  std::set<std::uint32_t> items;
  for (int head = 0; head < 12; ++head) {
    for (int position = 0; position < 1024; ++position) {
      items.insert(item_id(SketchKey::head_position,
                           {.position = position, .head = head, .positions = 1024}));
    }
  }
  EXPECT_EQ(items.size(), 12U * 1024);
  EXPECT_EQ(*items.rbegin(), 12U * 1024 - 1);
}

TEST(SketchKey, CountsATokenWhereverItStands) {
  const auto first = item_id(SketchKey::token, {.position = 3, .token = 50256, .positions = 1024});
  const auto second = item_id(SketchKey::token, {.position = 9, .token = 50256, .positions = 1024});
  EXPECT_EQ(first, 50256U);
  EXPECT_EQ(first, second);
}

}  // namespace
}  // namespace sketchscope
