#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/core/error.hpp"
#include "engine/model/families/family.hpp"
#include "engine/model/random_checkpoint.hpp"
#include "tests/support/whole_text.hpp"

namespace sketchscope::support {
namespace {

ModelConfig tied_config(ModelFamily family) {
  ModelConfig config{.family = family,
                     .layers = 2,
                     .heads = 2,
                     .width = 16,
                     .inner_width = 20,
                     .vocabulary = 30,
                     .positions = 20};
  if (family == ModelFamily::gpt2) return config;
  config.norm = NormKind::rms_norm;
  config.rotary = {.frequencies = rotary_frequencies(config.head_width, 10000)};
  config.gated = true;
  return config;
}

std::vector<float> logits_with(const ModelConfig& config, const Checkpoint& checkpoint) {
  return logits_of(Model(config, checkpoint, WeightDtype::f32, nullptr), {3, 1, 4, 1, 5});
}

class TiedWeights : public ::testing::TestWithParam<ModelFamily> {
 protected:
  const ModelConfig config_ = tied_config(GetParam());
  const std::string tokens_ = weight_of(weight_names(config_).tokens);
};

TEST_P(TiedWeights, MayBeStoredUnderTheNameOfTheHeadAlone) {
  Checkpoint checkpoint = random_checkpoint(config_, 3);
  const std::vector<float> expected = logits_with(config_, checkpoint);
  auto moved = checkpoint.tensors.extract(tokens_);
  moved.key() = "lm_head.weight";
  checkpoint.tensors.insert(std::move(moved));
  EXPECT_EQ(logits_with(config_, checkpoint), expected);
}

TEST_P(TiedWeights, AreNamedByTheEmbeddingWhereBothAreMissing) {
  Checkpoint checkpoint = random_checkpoint(config_, 3);
  checkpoint.tensors.erase(tokens_);
  try {
    (void)logits_with(config_, checkpoint);
    FAIL() << "it was accepted";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), ::testing::HasSubstr(tokens_));
  }
}

TEST_P(TiedWeights, GiveWayToAHeadOfOtherNumbers) {
  Checkpoint checkpoint = random_checkpoint(config_, 3);
  const std::vector<float> tied = logits_with(config_, checkpoint);
  const Checkpoint other = random_checkpoint(config_, 4);
  checkpoint.tensors["lm_head.weight"] = other.tensors.at(tokens_);
  EXPECT_NE(logits_with(config_, checkpoint), tied);
}

INSTANTIATE_TEST_SUITE_P(Families, TiedWeights,
                         ::testing::Values(ModelFamily::gpt2, ModelFamily::llama,
                                           ModelFamily::qwen3),
                         [](const auto& family) {
                           return std::string(family_of(family.param).name);
                         });

TEST(WeightNames, MayLackThePrefixOfAModelWithAHead) {
  const ModelConfig config = tied_config(ModelFamily::llama);
  const Checkpoint whole = random_checkpoint(config, 5);
  Checkpoint bare = whole;
  bare.tensors.clear();
  for (const auto& [name, tensor] : whole.tensors) {
    ASSERT_TRUE(name.starts_with("model.")) << name;
    bare.tensors[name.substr(6)] = tensor;
  }
  EXPECT_EQ(logits_with(config, bare), logits_with(config, whole));
}

}  // namespace
}  // namespace sketchscope::support
