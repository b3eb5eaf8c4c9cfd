#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/core/error.hpp"
#include "engine/model/families/family.hpp"
#include "engine/model/random_checkpoint.hpp"
#include "tests/support/whole_text.hpp"

namespace sketchscope::support {
namespace {

model::ModelConfig tied_config(model::ModelFamily family) {
  model::ModelConfig config{.family = family,
                            .layers = 2,
                            .heads = 2,
                            .width = 16,
                            .inner_width = 20,
                            .vocabulary = 30,
                            .positions = 20};
  if (family == model::ModelFamily::gpt2) return config;
  config.norm = model::NormKind::rms_norm;
  config.rotary = {.frequencies = model::rotary_frequencies(config.head_width, 10000)};
  config.gated = true;
  return config;
}

std::vector<float> logits_with(const model::ModelConfig& config,
                               const checkpoint::Checkpoint& checkpoint) {
  return logits_of(model::Model(config, checkpoint, checkpoint::WeightDtype::f32), {3, 1, 4, 1, 5});
}

class TiedWeights : public ::testing::TestWithParam<model::ModelFamily> {
 protected:
  const model::ModelConfig config_ = tied_config(GetParam());
  const std::string tokens_ = model::weight_of(model::weight_names(config_).tokens);
};

TEST_P(TiedWeights, MayBeStoredUnderTheNameOfTheHeadAlone) {
  checkpoint::Checkpoint checkpoint = model::random_checkpoint(config_, 3);
  const std::vector<float> expected = logits_with(config_, checkpoint);
  auto moved = checkpoint.tensors.extract(tokens_);
  moved.key() = "lm_head.weight";
  checkpoint.tensors.insert(std::move(moved));
  EXPECT_EQ(logits_with(config_, checkpoint), expected);
}

TEST_P(TiedWeights, AreNamedByTheEmbeddingWhereBothAreMissing) {
  checkpoint::Checkpoint checkpoint = model::random_checkpoint(config_, 3);
  checkpoint.tensors.erase(tokens_);
  try {
    (void)logits_with(config_, checkpoint);
    FAIL() << "it was accepted";
  } catch (const core::Error& error) {
    EXPECT_THAT(error.what(), ::testing::HasSubstr(tokens_));
  }
}

TEST_P(TiedWeights, GiveWayToAHeadOfOtherNumbers) {
  checkpoint::Checkpoint checkpoint = model::random_checkpoint(config_, 3);
  const std::vector<float> tied = logits_with(config_, checkpoint);
  const checkpoint::Checkpoint other = model::random_checkpoint(config_, 4);
  checkpoint.tensors["lm_head.weight"] = other.tensors.at(tokens_);
  EXPECT_NE(logits_with(config_, checkpoint), tied);
}

INSTANTIATE_TEST_SUITE_P(Families, TiedWeights,
                         ::testing::Values(model::ModelFamily::gpt2, model::ModelFamily::llama,
                                           model::ModelFamily::qwen3),
                         [](const auto& family) {
                           return std::string(model::family_of(family.param).name);
                         });

TEST(WeightNames, MayLackThePrefixOfAModelWithAHead) {
  const model::ModelConfig config = tied_config(model::ModelFamily::llama);
  const checkpoint::Checkpoint whole = model::random_checkpoint(config, 5);
  checkpoint::Checkpoint bare = whole;
  bare.tensors.clear();
  for (const auto& [name, tensor] : whole.tensors) {
    ASSERT_TRUE(name.starts_with("model.")) << name;
    bare.tensors[name.substr(6)] = tensor;
  }
  EXPECT_EQ(logits_with(config, bare), logits_with(config, whole));
}

}  // namespace
}  // namespace sketchscope::support
