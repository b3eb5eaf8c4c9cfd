#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <memory>

#include "engine/model/model_directory.hpp"
#include "engine/model/offered_models.hpp"
#include "engine/text/tokenizer.hpp"
#include "tests/support/whole_text.hpp"

namespace sketchscope::model {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// SmolLM2-135M-Instruct where scripts/get_model brought it; the tests are skipped without it.
class SmolLM2 : public ::testing::Test {
 protected:
  static std::filesystem::path file() {
    return models_folder() / "smollm2/SmolLM2-135M-Instruct.Q4_1.gguf";
  }

  void SetUp() override {
    if (!std::filesystem::exists(file())) {
      GTEST_SKIP() << "SmolLM2 is not here; scripts/get_model smollm2 brings it";
    }
  }
};

TEST_F(SmolLM2, CutsTextAsItsAuthorsDo) {
  const auto tokenizer = read_tokenizer(file());
  ASSERT_TRUE(tokenizer);
  EXPECT_THAT(tokenizer->encode("The capital of France is"),
              ElementsAre(504, 3575, 282, 4649, 314));
  EXPECT_THAT(tokenizer->encode("don't   stop\n\n 3.14"),
              ElementsAre(12420, 982, 256, 2853, 8866, 35, 30, 33, 36));
  EXPECT_EQ(tokenizer->decode({504, 3575, 282, 4649, 314, 7042}), "The capital of France is Paris");
  EXPECT_FALSE(tokenizer->adds_start_token());
  EXPECT_THAT(tokenizer->end_tokens(), ElementsAre(2));
  EXPECT_THAT(tokenizer->chat_template(), HasSubstr("<|im_start|>"));
}

TEST_F(SmolLM2, KnowsTheCapitalOfFrance) {
  const LoadedModel loaded = open_model(file(), checkpoint::WeightDtype::f32);
  const std::vector<float> logits = support::logits_of(*loaded.model, {504, 3575, 282, 4649, 314});
  const auto last = logits.end() - loaded.model->config().vocabulary;
  const auto likeliest = std::max_element(last, logits.end());
  EXPECT_EQ(likeliest - last, 7042) << "\" Paris\"";
  EXPECT_NEAR(*likeliest, 17.371, 5e-4);
}

}  // namespace
}  // namespace sketchscope::model
