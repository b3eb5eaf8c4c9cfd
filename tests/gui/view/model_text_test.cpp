#include "gui/view/model_text.hpp"

#include <gtest/gtest.h>

namespace sketchscope::view {
namespace {

TEST(ModelText, NamesFamilyLayersHeadsAndContext) {
  run::ModelInfo model{.name = "model", .dtype = "f16", .weight_bytes = 3 << 20};
  EXPECT_EQ(model_line(model), "model · gpt2 · 12 layers · 12 heads · 1,024 positions · f16");
  EXPECT_EQ(model_details(model),
            "model, of family gpt2: 12 layers of 12 query heads, 768 wide, 1,024 positions, 50,257 "
            "tokens, weights in f16 of 3 MiB");
}

TEST(ModelText, CountsKeyValueHeadsWhereQueryHeadsShareThem) {
  run::ModelInfo model{.name = "small", .dtype = "q4_1"};
  model.config.family = model::ModelFamily::llama;
  model.config.heads = 9;
  model.config.kv_heads = 3;
  model.config.positions = 8192;
  EXPECT_EQ(model_line(model), "small · llama · 12 layers · 9/3 heads · 8,192 positions · q4_1");
  EXPECT_NE(model_details(model).find("9 query heads, in 3 groups"), std::string::npos);
}

}  // namespace
}  // namespace sketchscope::view
