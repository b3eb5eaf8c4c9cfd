#include "engine/model/gguf_config.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "engine/core/error.hpp"
#include "tests/support/gguf_bytes.hpp"
#include "tests/support/temporary_directory.hpp"

namespace sketchscope::model {
namespace {

using support::gguf_text;
using support::raw_bytes;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// The metadata of a small model, of which a test changes any before they are read.
class GgufConfig : public ::testing::Test {
 protected:
  GgufConfig() {
    set_text("general.architecture", "llama");
    set("llama.block_count", 3);
    set("llama.context_length", 128);
    set("llama.embedding_length", 48);
    set("llama.feed_forward_length", 70);
    set("llama.attention.head_count", 6);
    set("llama.attention.head_count_kv", 2);
    set_number("llama.attention.layer_norm_rms_epsilon", 1e-5F);
    add_tensor("token_embd.weight", {48, 90});
  }

  void set(const std::string& key, std::uint32_t value) { replace(key, 4, raw_bytes(value)); }
  void set_number(const std::string& key, float value) { replace(key, 6, raw_bytes(value)); }
  void set_text(const std::string& key, const std::string& value) {
    replace(key, 8, gguf_text(value));
  }
  void remove(const std::string& key) {
    std::erase_if(parts_.keys, [&](const auto& entry) { return entry.first == key; });
  }

  void add_tensor(const std::string& name, std::vector<std::uint64_t> sizes,
                  const std::vector<float>& numbers = {}) {
    const std::size_t offset = parts_.data.size();
    std::size_t count = 1;
    for (const std::uint64_t size : sizes) count *= size;
    parts_.tensors.push_back({name, std::move(sizes), 0, offset});
    std::vector<float> stored(count);
    std::ranges::copy(numbers, stored.begin());
    for (const float number : stored) parts_.data += raw_bytes(number);
    parts_.data.resize((parts_.data.size() + 31) / 32 * 32);
  }

  void replace_tensor(const std::string& name, std::vector<std::uint64_t> sizes) {
    std::erase_if(parts_.tensors, [&](const auto& tensor) { return tensor.name == name; });
    add_tensor(name, std::move(sizes));
  }

  [[nodiscard]] ModelConfig read() const {
    const support::TemporaryDirectory folder;
    support::write_bytes(folder.path() / "model.gguf", parts_.bytes());
    return read_gguf_config(checkpoint::GgufFile::open(folder.path() / "model.gguf"));
  }

  [[nodiscard]] std::string message() const {
    try {
      (void)read();
    } catch (const core::Error& error) {
      return error.what();
    }
    return {};
  }

 private:
  void replace(const std::string& key, std::uint32_t type, const std::string& value) {
    remove(key);
    parts_.add_key(key, type, value);
  }

  support::GgufParts parts_;
};

TEST_F(GgufConfig, HasTheShapeThatTheMetadataSays) {
  const ModelConfig config = read();
  EXPECT_EQ(config.family, ModelFamily::llama);
  EXPECT_EQ(config.layers, 3);
  EXPECT_EQ(config.heads, 6);
  EXPECT_EQ(config.kv_heads, 2);
  EXPECT_EQ(config.width, 48);
  EXPECT_EQ(config.head_width, 8);
  EXPECT_EQ(config.inner_width, 70);
  EXPECT_EQ(config.vocabulary, 90) << "the rows of the embedding";
  EXPECT_EQ(config.positions, 128);
  EXPECT_EQ(config.norm, NormKind::rms_norm);
  EXPECT_FLOAT_EQ(config.norm_epsilon, 1e-5F);
  EXPECT_TRUE(config.gated);
  EXPECT_TRUE(config.tied_head) << "there is no output.weight";
  EXPECT_FALSE(config.qkv_bias || config.attention_output_bias || config.inner_bias);
  EXPECT_EQ(config.rotary->frequencies, rotary_frequencies(8, 10000));
}

TEST_F(GgufConfig, HasWhatItsTensorsSay) {
  add_tensor("output.weight", {48, 90});
  add_tensor("blk.0.attn_q.bias", {48});
  add_tensor("blk.0.ffn_down.bias", {48});
  const ModelConfig config = read();
  EXPECT_FALSE(config.tied_head);
  EXPECT_TRUE(config.qkv_bias && config.inner_bias);
  EXPECT_FALSE(config.attention_output_bias);
}

TEST_F(GgufConfig, FollowsTheArchitectureOfQwen) {
  for (const char* const architecture : {"qwen2", "qwen3"}) {
    set_text("general.architecture", architecture);
    for (const auto& [key, value] :
         {std::pair(".block_count", 3), std::pair(".context_length", 64),
          std::pair(".embedding_length", 48), std::pair(".feed_forward_length", 50),
          std::pair(".attention.head_count", 6)}) {
      set(architecture + std::string(key), static_cast<std::uint32_t>(value));
    }
    const ModelConfig config = read();
    EXPECT_EQ(config.head_width, 8) << "not the default of the family";
    EXPECT_EQ(config.kv_heads, 6) << "as many as query heads";
    EXPECT_EQ(config.qkv_bias, config.family == ModelFamily::qwen2);
    EXPECT_EQ(config.head_norms, config.family == ModelFamily::qwen3);
  }
}

TEST_F(GgufConfig, GivesHeadsAWidthOfTheirOwn) {
  set("llama.attention.key_length", 20);
  set("llama.attention.value_length", 20);
  set("llama.rope.dimension_count", 20);
  EXPECT_EQ(read().head_width, 20);
}

TEST_F(GgufConfig, EndsATextAtTheEndOfSequenceTurnAndMessage) {
  EXPECT_THAT(read().ends_of_text, ElementsAre());
  EXPECT_EQ(read().start_of_text, kNoToken);
  set("tokenizer.ggml.bos_token_id", 4);
  set("tokenizer.ggml.eos_token_id", 5);
  set("tokenizer.ggml.eot_token_id", 7);
  set("tokenizer.ggml.eom_token_id", 5);
  EXPECT_THAT(read().ends_of_text, ElementsAre(5, 7));
  EXPECT_EQ(read().start_of_text, 4);
}

TEST_F(GgufConfig, ScalesRotaryPositions) {
  set_number("llama.rope.freq_base", 500);
  set_text("llama.rope.scaling.type", "linear");
  set_number("llama.rope.scaling.factor", 4);
  std::vector<double> expected = rotary_frequencies(8, 500);
  for (double& frequency : expected) frequency /= 4;
  EXPECT_EQ(read().rotary->frequencies, expected);
  set_text("llama.rope.scaling.type", "yarn");
  set("llama.rope.scaling.original_context_length", 32);
  EXPECT_NEAR(read().rotary->magnitude, 1 + 0.1 * std::log(4.0), 1e-12);
  set_number("llama.rope.scaling.attn_factor", 2);
  EXPECT_NEAR(read().rotary->magnitude, 2 + 0.2 * std::log(4.0), 1e-12);
}

TEST_F(GgufConfig, ScalesRotaryPositionsLinearlyWhereAFactorHasNoType) {
  for (const char* const key : {"llama.rope.scaling.factor", "llama.rope.scale_linear"}) {
    set_number(key, 4);
    std::vector<double> expected = rotary_frequencies(8, 10000);
    for (double& frequency : expected) frequency /= 4;
    EXPECT_EQ(read().rotary->frequencies, expected) << key;
    remove(key);
  }
  EXPECT_EQ(read().rotary->frequencies, rotary_frequencies(8, 10000));
}

TEST_F(GgufConfig, TakesTheFactorOfAScalingUnderItsFormerName) {
  set_text("llama.rope.scaling.type", "yarn");
  set("llama.rope.scaling.original_context_length", 32);
  set_number("llama.rope.scale_linear", 4);
  EXPECT_NEAR(read().rotary->magnitude, 1 + 0.1 * std::log(4.0), 1e-12);
}

TEST_F(GgufConfig, IsRefusedWithAnAttentionFactorThatMakesLogitsNoNumbers) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
  for (const float factor : {kNan, kInfinity, -kInfinity, 0.0F, -1.0F, 3e38F}) {
    set_number("llama.rope.scaling.attn_factor", factor);
    EXPECT_THAT(message(), AllOf(HasSubstr("llama.rope.scaling.attn_factor"), HasSubstr("found"),
                                 HasSubstr("above 0")))
        << factor;
  }
}

TEST_F(GgufConfig, IsRefusedWithAnEmbeddingThatHasNoRows) {
  for (const std::vector<std::uint64_t>& sizes :
       {std::vector<std::uint64_t>{}, {48}, {48, 90, 1}}) {
    replace_tensor("token_embd.weight", sizes);
    EXPECT_THAT(message(), AllOf(HasSubstr("token_embd.weight"),
                                 HasSubstr(std::to_string(sizes.size()) + " axes")));
  }
}

TEST_F(GgufConfig, SlowsEachPairByTheFactorThatATensorHasForIt) {
  add_tensor("rope_freqs.weight", {4}, {1, 2, 4, 8});
  std::vector<double> expected = rotary_frequencies(8, 10000);
  for (std::size_t i = 0; i < expected.size(); ++i) expected[i] /= 1 << i;
  EXPECT_EQ(read().rotary->frequencies, expected);
}

TEST_F(GgufConfig, IsRefusedWithFactorsThatDoNotFit) {
  add_tensor("rope_freqs.weight", {4}, {1, 2, 0, 8});
  EXPECT_THAT(message(), HasSubstr("rope_freqs.weight"));
}

TEST_F(GgufConfig, IsRefusedWhereAKeyIsMissingOrOutOfRange) {
  set("llama.attention.head_count_kv", 4);
  EXPECT_THAT(message(), HasSubstr("num_key_value_heads"));
  set("llama.attention.head_count", 0);
  EXPECT_THAT(message(), HasSubstr("llama.attention.head_count"));
  remove("llama.context_length");
  EXPECT_THAT(message(), HasSubstr("llama.context_length"));
  set_text("general.architecture", "mamba");
  EXPECT_THAT(message(), AllOf(HasSubstr("mamba"), HasSubstr("llama, qwen2, qwen3")));
}

TEST_F(GgufConfig, IsRefusedWithWhatIsNotFollowed) {
  const auto refused = [&](const std::string& key, std::uint32_t value) {
    set(key, value);
    EXPECT_THAT(message(), HasSubstr(key));
    remove(key);
  };
  refused("llama.expert_count", 8);
  refused("llama.attention.sliding_window", 64);
  refused("llama.attention.value_length", 16);
  refused("llama.rope.dimension_count", 4);
  set_text("llama.rope.scaling.type", "longrope");
  EXPECT_THAT(message(), HasSubstr("longrope"));
  set_text("llama.rope.scaling.type", "none");
  set("llama.expert_count", 0);
  set("llama.attention.sliding_window", 128);
  EXPECT_EQ(message(), "");
}

}  // namespace
}  // namespace sketchscope::model
