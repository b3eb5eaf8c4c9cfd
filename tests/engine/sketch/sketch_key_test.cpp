#include "engine/sketch/sketch_key.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/core/error.hpp"

namespace sketchscope {
namespace {

TEST(SketchKey, HasTheNamesOfTheDesignInEnumOrder) {
  EXPECT_THAT(sketch_key_names(),
              ::testing::ElementsAre("position", "head-position", "token", "key-lsh"));
  EXPECT_EQ(sketch_key_from("position"), SketchKey::position);
  EXPECT_EQ(sketch_key_from("head-position"), SketchKey::head_position);
  EXPECT_EQ(sketch_key_from("token"), SketchKey::token);
  EXPECT_EQ(sketch_key_from("key-lsh"), SketchKey::key_lsh);
}

TEST(SketchKey, NamesTheKeysThereAreWhenAskedForAnother) {
  try {
    sketch_key_from("positions");
    FAIL() << "an unknown key was taken";
  } catch (const UsageError& error) {
    EXPECT_THAT(error.what(), ::testing::HasSubstr("positions"));
    EXPECT_THAT(error.what(), ::testing::HasSubstr("head-position"));
  }
}

}  // namespace
}  // namespace sketchscope
