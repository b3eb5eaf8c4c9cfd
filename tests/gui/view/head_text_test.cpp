#include "gui/view/head_text.hpp"

#include <gtest/gtest.h>

namespace sketchscope::view {
namespace {

constexpr int kQueryHeads = 9;

model::ModelConfig with_kv_heads(int heads) {
  model::ModelConfig config;
  config.heads = kQueryHeads;
  config.kv_heads = heads;
  return config;
}

TEST(HeadText, NamesHeadsByTheirNumbersWhereEachHasKeysOfItsOwn) {
  const model::ModelConfig config = with_kv_heads(kQueryHeads);
  EXPECT_EQ(query_head_text(config, 5), "head 5");
  EXPECT_EQ(table_head_text(config, 5), "head 5");
  EXPECT_EQ(table_head_mark(config, 5), "H5");
}

TEST(HeadText, NamesTheGroupWhoseKeysAHeadReads) {
  const model::ModelConfig config = with_kv_heads(3);
  EXPECT_EQ(query_head_text(config, 5), "head 5 of group 1");
  EXPECT_EQ(query_head_text(config, 8), "head 8 of group 2");
  EXPECT_EQ(table_head_text(config, 2), "group 2");
  EXPECT_EQ(table_head_mark(config, 2), "G2");
}

}  // namespace
}  // namespace sketchscope::view
