#include "engine/model/gguf_tokenizer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/core/error.hpp"
#include "engine/text/tokenizer_parts.hpp"
#include "tests/support/gguf_bytes.hpp"
#include "tests/support/temporary_directory.hpp"

namespace sketchscope::model {
namespace {

using support::gguf_text;
using support::raw_bytes;
using ::testing::ElementsAre;

/// The metadata of a GGUF file from which a tokenizer is read.
class GgufTokenizer : public ::testing::Test {
 protected:
  void add_text(const std::string& name, const std::string& value) {
    parts_.add_key("tokenizer." + name, 8, gguf_text(value));
  }
  void add_texts(const std::string& name, const std::vector<std::string>& values) {
    std::string bytes = raw_bytes<std::uint32_t>(8) + raw_bytes<std::uint64_t>(values.size());
    for (const std::string& value : values) bytes += gguf_text(value);
    parts_.add_key("tokenizer.ggml." + name, 9, bytes);
  }
  template <typename Number>
  void add_numbers(const std::string& name, std::uint32_t type, const std::vector<Number>& values) {
    std::string bytes = raw_bytes(type) + raw_bytes<std::uint64_t>(values.size());
    for (const Number value : values) bytes += raw_bytes(value);
    parts_.add_key("tokenizer.ggml." + name, 9, bytes);
  }
  void add_id(const std::string& name, std::uint32_t id) {
    parts_.add_key("tokenizer.ggml." + name, 4, raw_bytes(id));
  }
  void add_flag(const std::string& name, bool value) {
    parts_.add_key("tokenizer.ggml." + name, 7, raw_bytes<std::uint8_t>(value ? 1 : 0));
  }

  [[nodiscard]] std::optional<text::Tokenizer> read() const {
    const support::TemporaryDirectory folder;
    support::write_bytes(folder.path() / "model.gguf", parts_.bytes());
    return read_gguf_tokenizer(checkpoint::GgufFile::open(folder.path() / "model.gguf"));
  }

 private:
  support::GgufParts parts_;
};

TEST_F(GgufTokenizer, IsAbsentWhereTheFileHasNone) {
  EXPECT_FALSE(read().has_value());
}

TEST_F(GgufTokenizer, MergesBytesAndCutsAsItsPreTokenizerSays) {
  add_text("ggml.model", "gpt2");
  add_text("ggml.pre", "smollm");
  add_texts("tokens", {"a", "b", "ab", "1", "2", "12", "<|im_start|>", "<|im_end|>"});
  add_texts("merges", {"a b", "1 2"});
  add_numbers<std::int32_t>("token_type", 5, {1, 1, 1, 1, 1, 1, 3, 3});
  add_id("bos_token_id", 6);
  add_id("eos_token_id", 7);
  add_text("chat_template", "{{ messages }}");
  const auto tokenizer = read();
  ASSERT_TRUE(tokenizer);
  EXPECT_THAT(tokenizer->encode("ab12<|im_end|>"), ElementsAre(2, 3, 4, 7)) << "digits stay alone";
  EXPECT_THAT(tokenizer->encode("a", {.add_special_tokens = true}), ElementsAre(0));
  EXPECT_EQ(tokenizer->decode({2, 5}), "ab12");
  EXPECT_EQ(tokenizer->start_token(), 6);
  EXPECT_THAT(tokenizer->end_tokens(), ElementsAre(7));
  EXPECT_EQ(tokenizer->chat_template(), "{{ messages }}");
}

TEST_F(GgufTokenizer, BeginsATextWithTheStartTokenWhereTheFileSaysSo) {
  add_text("ggml.model", "gpt2");
  add_text("ggml.pre", "gpt-2");
  add_texts("tokens", {"a", "<s>"});
  add_numbers<std::int32_t>("token_type", 5, {1, 3});
  add_id("bos_token_id", 1);
  add_flag("add_bos_token", true);
  const auto tokenizer = read();
  ASSERT_TRUE(tokenizer);
  EXPECT_THAT(tokenizer->encode("a", {.add_special_tokens = true}), ElementsAre(1, 0));
}

TEST_F(GgufTokenizer, MergesCharactersByScoreAndFallsBackToBytes) {
  add_text("ggml.model", "llama");
  add_texts("tokens",
            {"<unk>", "<s>", "</s>", "<0x0A>", "\xE2\x96\x81", "a", "b", "c", "ab", "bc"});
  add_numbers<float>("scores", 6, {0, 0, 0, 0, -4, -5, -6, -7, -2, -1});
  add_numbers<std::int32_t>("token_type", 5, {2, 3, 3, 6, 1, 1, 1, 1, 1, 1});
  add_id("bos_token_id", 1);
  add_id("eos_token_id", 2);
  const auto tokenizer = read();
  ASSERT_TRUE(tokenizer);
  EXPECT_THAT(tokenizer->encode("abc\n"), ElementsAre(4, 5, 9, 3));
  EXPECT_THAT(tokenizer->encode("a", {.add_special_tokens = true}), ElementsAre(1, 4, 5));
  EXPECT_EQ(tokenizer->decode({4, 5, 9, 3}), "abc\n");
}

TEST_F(GgufTokenizer, LeavesTheSpaceAwayWhereTheFileSaysSo) {
  add_text("ggml.model", "llama");
  add_texts("tokens", {"<unk>", "\xE2\x96\x81", "a"});
  add_numbers<float>("scores", 6, {0, -1, -2});
  add_numbers<std::int32_t>("token_type", 5, {2, 1, 1});
  add_flag("add_space_prefix", false);
  const auto tokenizer = read();
  ASSERT_TRUE(tokenizer);
  EXPECT_THAT(tokenizer->encode("a a"), ElementsAre(2, 1, 2));
}

TEST_F(GgufTokenizer, OfAnotherKindIsUnsupported) {
  add_text("ggml.model", "bert");
  add_texts("tokens", {"a"});
  EXPECT_THROW((void)read(), text::UnsupportedTokenizer);
}

}  // namespace
}  // namespace sketchscope::model
