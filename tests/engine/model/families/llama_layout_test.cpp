#include "engine/model/families/llama_layout.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>

#include "engine/core/error.hpp"
#include "engine/model/families/family.hpp"
#include "tests/support/temporary_directory.hpp"

namespace sketchscope::model {
namespace {

using support::TemporaryDirectory;
using support::write_bytes;

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

ModelConfig config_of(const std::string& options, const std::string& generation = "") {
  const TemporaryDirectory directory;
  write_bytes(directory.path() / "config.json", "{" + options + "}");
  if (!generation.empty()) write_bytes(directory.path() / "generation_config.json", generation);
  return read_model_config(directory.path());
}

std::string refusal_of(const std::string& options) {
  try {
    (void)config_of(options);
  } catch (const core::Error& error) {
    return error.what();
  }
  return "accepted";
}

TEST(LlamaLayout, HasTheDefaultsOfHuggingFaceByFamily) {
  const ModelConfig llama = config_of(R"("model_type": "llama")");
  EXPECT_EQ(llama.layers, 32);
  EXPECT_EQ(llama.width, 4096);
  EXPECT_EQ(llama.kv_heads, 32);
  EXPECT_EQ(llama.head_width, 128);
  EXPECT_EQ(llama.inner_width, 11008);
  EXPECT_EQ(llama.vocabulary, 32000);
  EXPECT_EQ(llama.positions, 2048);
  EXPECT_EQ(llama.norm_epsilon, 1e-6F);
  EXPECT_EQ(llama.start_of_text, 1);
  EXPECT_THAT(llama.ends_of_text, ElementsAre(2));
  EXPECT_TRUE(llama.gated);
  EXPECT_FALSE(llama.tied_head || llama.qkv_bias || llama.attention_output_bias ||
               llama.inner_bias || llama.head_norms);

  const ModelConfig mistral = config_of(R"("model_type": "mistral", "sliding_window": null)");
  EXPECT_EQ(mistral.kv_heads, 8);
  EXPECT_EQ(mistral.inner_width, 14336);
  EXPECT_EQ(mistral.positions, 131072);

  const ModelConfig qwen2 = config_of(R"("model_type": "qwen2")");
  EXPECT_EQ(qwen2.kv_heads, 32);
  EXPECT_EQ(qwen2.vocabulary, 151936);
  EXPECT_TRUE(qwen2.qkv_bias);
  EXPECT_FALSE(qwen2.attention_output_bias);
  EXPECT_THAT(qwen2.ends_of_text, IsEmpty());

  const ModelConfig qwen3 = config_of(R"("model_type": "qwen3", "hidden_size": 1024)");
  EXPECT_EQ(qwen3.head_width, 128);
  EXPECT_TRUE(qwen3.head_norms);
  EXPECT_FALSE(qwen3.qkv_bias);
}

TEST(LlamaLayout, TakesAsManyKeyHeadsAsQueryHeadsForNull) {
  for (const std::string family : {"llama", "mistral", "qwen2", "qwen3"}) {
    const std::string shape =
        R"("model_type": ")" + family + R"(", "num_attention_heads": 16, "sliding_window": null, )";
    EXPECT_EQ(config_of(shape + R"("num_key_value_heads": null)").kv_heads, 16) << family;
    EXPECT_EQ(config_of(shape + R"("num_key_value_heads": 4)").kv_heads, 4) << family;
    EXPECT_EQ(config_of(shape + R"("num_key_value_heads": 4, "head_dim": null)").head_width, 256)
        << family;
  }
}

TEST(LlamaLayout, ReadsTheEndsOfATextFromBothFiles) {
  const std::string llama = R"("model_type": "llama", "vocab_size": 100)";
  EXPECT_THAT(config_of(llama + R"(, "eos_token_id": [7, 9, 400])").ends_of_text,
              ElementsAre(7, 9));
  EXPECT_THAT(config_of(llama + R"(, "eos_token_id": null)").ends_of_text, IsEmpty());
  EXPECT_THAT(
      config_of(llama + R"(, "eos_token_id": 7)", R"({"eos_token_id": [45, 46]})").ends_of_text,
      ElementsAre(45, 46));
  EXPECT_THAT(
      config_of(llama + R"(, "eos_token_id": null)", R"({"eos_token_id": 45})").ends_of_text,
      ElementsAre(45));
  EXPECT_THAT(config_of(llama + R"(, "eos_token_id": 7)", R"({"eos_token_id": null})").ends_of_text,
              ElementsAre(7));
  EXPECT_EQ(config_of(llama + R"(, "bos_token_id": 100)").start_of_text, kNoToken);
  EXPECT_THAT(config_of(R"("vocab_size": 100, "eos_token_id": null)", R"({"eos_token_id": 45})")
                  .ends_of_text,
              ElementsAre(45))
      << "of GPT-2";
}

TEST(LlamaLayout, FollowsWindowsThatCutNothingShort) {
  const std::string mistral = R"("model_type": "mistral", "max_position_embeddings": 512, )";
  EXPECT_EQ(config_of(mistral + R"("sliding_window": 512)").positions, 512);
  EXPECT_EQ(config_of(R"("model_type": "mistral", "max_position_embeddings": 4096)").positions,
            4096);
  const std::string qwen = R"("model_type": "qwen2", "sliding_window": 128, )";
  EXPECT_EQ(config_of(qwen + R"("use_sliding_window": false)").positions, 32768);
  EXPECT_EQ(config_of(qwen + R"("use_sliding_window": true, "max_window_layers": 32)").positions,
            32768);
  EXPECT_EQ(config_of(R"("model_type": "qwen3", "num_hidden_layers": 2,
                         "layer_types": ["full_attention", "full_attention"])")
                .layers,
            2);
}

struct RefusedOptions {
  std::string options;
  std::string named;
  std::string value;
};

void PrintTo(const RefusedOptions& refused, std::ostream* out) {
  *out << refused.options;
}

class LlamaRefusal : public ::testing::TestWithParam<RefusedOptions> {};

TEST_P(LlamaRefusal, NamesTheOptionAndItsValue) {
  const std::string message = refusal_of(GetParam().options);
  EXPECT_THAT(message, HasSubstr("option " + GetParam().named + " "));
  EXPECT_THAT(message, HasSubstr(GetParam().value));
  EXPECT_THAT(message, HasSubstr("config.json"));
}

RefusedOptions rope(const std::string& scaling, const std::string& named,
                    const std::string& value) {
  return {R"("model_type": "llama", "rope_scaling": {)" + scaling + "}", "rope_scaling." + named,
          value};
}

INSTANTIATE_TEST_SUITE_P(
    Each, LlamaRefusal,
    ::testing::Values(
        RefusedOptions{R"("model_type": "mistral")", "sliding_window", "4096"},
        RefusedOptions{R"("model_type": "mistral", "sliding_window": 16)", "sliding_window", "16"},
        RefusedOptions{R"("model_type": "llama", "sliding_window": 16)", "sliding_window", "16"},
        RefusedOptions{R"("model_type": "qwen2", "use_sliding_window": true)", "sliding_window",
                       "4096"},
        RefusedOptions{R"("model_type": "qwen3", "layer_types": ["sliding_attention"])",
                       "layer_types", "sliding_attention"},
        RefusedOptions{R"("model_type": "llama", "hidden_act": "mish")", "hidden_act", "mish"},
        RefusedOptions{R"("model_type": "llama", "num_key_value_heads": 5)", "num_key_value_heads",
                       "5"},
        RefusedOptions{R"("model_type": "llama", "head_dim": 5)", "head_dim", "5"},
        RefusedOptions{R"("model_type": "llama", "hidden_size": 16)", "hidden_size", "16"},
        RefusedOptions{R"("model_type": "llama", "partial_rotary_factor": 0.5)",
                       "partial_rotary_factor", "0.5"},
        RefusedOptions{R"("model_type": "llama", "attention_bias": 1)", "attention_bias", "1"},
        RefusedOptions{R"("model_type": "llama", "rope_theta": 0)", "rope_theta", "0"},
        RefusedOptions{R"("model_type": "llama", "rope_scaling": 2)", "rope_scaling", "2"},
        RefusedOptions{R"("model_type": "llama", "quantization_config": {"bits": 4})",
                       "quantization_config", "bits"},
        RefusedOptions{R"("model_type": "llama", "rope_parameters": {"full_attention": {}})",
                       "rope_parameters.full_attention", "{}"},
        rope(R"("type": "dynamic", "factor": 2)", "type", "dynamic"),
        rope(R"("rope_type": "longrope")", "rope_type", "longrope"),
        rope(R"("rope_type": "mrope")", "rope_type", "mrope"),
        rope(R"("rope_type": "default", "mrope_section": [1])", "mrope_section", "[1]"),
        rope(R"("type": "linear", "rope_type": "yarn")", "rope_type", "yarn"),
        rope(R"("rope_type": "linear")", "factor", "null"),
        rope(R"("rope_type": "linear", "factor": 0)", "factor", "0"),
        rope(R"("rope_type": "yarn", "factor": "4")", "factor", "4"),
        rope(R"("rope_type": "yarn", "factor": 4, "rope_theta": 1)", "rope_theta", "1"),
        rope(R"("rope_type": "llama3", "factor": 8, "low_freq_factor": 1)", "high_freq_factor",
             "null"),
        rope(R"("rope_type": "llama3", "factor": 8, "low_freq_factor": 4, "high_freq_factor": 4,
                "original_max_position_embeddings": 64)",
             "low_freq_factor", "4")));

TEST(LlamaLayout, SaysWhyAScalingThatMovesIsRefused) {
  EXPECT_THAT(refusal_of(R"("model_type": "llama", "rope_scaling": {"type": "dynamic"})"),
              HasSubstr("changes with a text's length"));
}

}  // namespace
}  // namespace sketchscope::model
