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
using ::testing::HasSubstr;

ModelConfig read_config(const std::string& json) {
  const TemporaryDirectory directory;
  write_bytes(directory.path() / "config.json", json);
  return read_model_config(directory.path());
}

std::string error_of(const std::string& json) {
  try {
    read_config(json);
  } catch (const core::Error& error) {
    return error.what();
  }
  return "accepted";
}

TEST(Gpt2Config, HasTheDefaultsOfHuggingFace) {
  const ModelConfig config = read_config("{}");
  EXPECT_EQ(config.layers, 12);
  EXPECT_EQ(config.heads, 12);
  EXPECT_EQ(config.kv_heads, 12);
  EXPECT_EQ(config.width, 768);
  EXPECT_EQ(config.head_width, 64);
  EXPECT_EQ(config.inner_width, 3072);
  EXPECT_EQ(config.vocabulary, 50257);
  EXPECT_EQ(config.positions, 1024);
  EXPECT_EQ(config.activation, kernels::Activation::gelu_new);
  EXPECT_EQ(config.ends_of_text, (std::vector<int>{50256}));
  EXPECT_TRUE(config.tied_head);
}

TEST(Gpt2Config, TakesFourTimesTheWidthWhereTheInnerWidthIsNull) {
  EXPECT_EQ(read_config(R"({"n_embd": 60, "n_inner": null})").inner_width, 240);
  EXPECT_EQ(read_config(R"({"n_embd": 60, "n_inner": 7})").inner_width, 7);
}

TEST(Gpt2Config, ScalesAttentionAsEachOptionSays) {
  const std::string shape = R"("n_embd": 48, "n_head": 3)";
  EXPECT_FLOAT_EQ(read_config("{" + shape + "}").attention_scale(2), 0.25F);
  EXPECT_FLOAT_EQ(
      read_config("{" + shape + R"(, "scale_attn_by_inverse_layer_idx": true})").attention_scale(2),
      0.25F / 3.0F);
  EXPECT_FLOAT_EQ(read_config("{" + shape + R"(, "scale_attn_weights": false})").attention_scale(2),
                  1.0F);
  EXPECT_FLOAT_EQ(read_config("{" + shape + R"(, "scale_attn_weights": null})").attention_scale(2),
                  1.0F)
      << "null is false in Python";
}

TEST(Gpt2Config, ReadsTheEndOfTextInEveryForm) {
  EXPECT_EQ(read_config(R"({"vocab_size": 10, "eos_token_id": 9})").ends_of_text,
            (std::vector<int>{9}));
  EXPECT_EQ(read_config(R"({"vocab_size": 10, "eos_token_id": [4, 9]})").ends_of_text,
            (std::vector<int>{4, 9}));
  EXPECT_EQ(read_config(R"({"vocab_size": 10, "eos_token_id": null})").ends_of_text,
            std::vector<int>());
  EXPECT_EQ(read_config(R"({"vocab_size": 10})").ends_of_text, std::vector<int>());
  EXPECT_EQ(read_config(R"({"vocab_size": 10, "eos_token_id": 10})").ends_of_text,
            std::vector<int>());
}

TEST(Gpt2Config, KnowsTheNamesOfEachActivation) {
  const auto activation = [](const std::string& name) {
    return read_config(R"({"activation_function": ")" + name + "\"}").activation;
  };
  EXPECT_EQ(activation("gelu"), kernels::Activation::gelu);
  EXPECT_EQ(activation("gelu_fast"), kernels::Activation::gelu_new);
  EXPECT_EQ(activation("gelu_pytorch_tanh"), kernels::Activation::gelu_new);
  EXPECT_EQ(activation("relu"), kernels::Activation::relu);
  EXPECT_EQ(activation("swish"), kernels::Activation::silu);
  EXPECT_EQ(activation("tanh"), kernels::Activation::tanh);
}

struct Refusal {
  std::string option;
  std::string value;
};

void PrintTo(const Refusal& refusal, std::ostream* out) {
  *out << refusal.option << ": " << refusal.value;
}

class RefusedOption : public ::testing::TestWithParam<Refusal> {};

TEST_P(RefusedOption, IsNamedWithItsValue) {
  const auto& [option, value] = GetParam();
  const std::string message = error_of("{\"" + option + "\": " + value + "}");
  EXPECT_THAT(message, HasSubstr(option));
  EXPECT_THAT(message, HasSubstr(value));
  EXPECT_THAT(message, HasSubstr("config.json"));
}

INSTANTIATE_TEST_SUITE_P(
    Each, RefusedOption,
    ::testing::Values(Refusal{"activation_function", "\"mish\""},
                      Refusal{"model_type", "\"mamba\""}, Refusal{"add_cross_attention", "true"},
                      Refusal{"n_embd", "770"}, Refusal{"n_layer", "0"}, Refusal{"n_layer", "-1"},
                      Refusal{"n_head", "1.5"}, Refusal{"n_embd", "\"768\""},
                      Refusal{"vocab_size", "18446744073709551615"},
                      Refusal{"n_positions", "9223372036854775807"}, Refusal{"n_inner", "1e+300"},
                      Refusal{"layer_norm_epsilon", "0"}, Refusal{"layer_norm_epsilon", "\"x\""},
                      Refusal{"scale_attn_weights", "1"}, Refusal{"tie_word_embeddings", "\"no\""},
                      Refusal{"eos_token_id", "\"end\""}));

TEST(Gpt2Config, NamesAMissingOrBrokenFile) {
  const TemporaryDirectory directory;
  EXPECT_THROW(read_model_config(directory.path()), core::Error);
  for (const std::string broken : {"", "{", "[]", "null", "{\"n_layer\": 12,,}", "\xFF\xFE"}) {
    EXPECT_THAT(error_of(broken), HasSubstr("config.json")) << broken;
  }
}

}  // namespace
}  // namespace sketchscope::model
