#include "engine/model/prompt.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/core/error.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/tiny_model.hpp"

namespace sketchscope::model {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr int kEndOfText = 259;

/// A tiny model whose folder has settings of its own.
class Prompt : public ::testing::Test {
 protected:
  Prompt() { support::write_tiny_model({}, folder_.path()); }

  [[nodiscard]] LoadedModel open(const std::string& tokenizer_config) const {
    support::write_bytes(folder_.path() / "tokenizer_config.json", tokenizer_config);
    return open_model(folder_.path(), checkpoint::WeightDtype::as_stored);
  }

  support::TemporaryDirectory folder_;
};

TEST_F(Prompt, BeginsWithAStartTokenWhereTheTokenizerSaysSoOrOnRequest) {
  const LoadedModel silent = open(R"({"bos_token": "<|endoftext|>"})");
  EXPECT_THAT(prompt_tokens(silent, "the"), ElementsAre(257));
  EXPECT_THAT(prompt_tokens(silent, "the", StartToken::on), ElementsAre(kEndOfText, 257));
  EXPECT_FALSE(start_token(silent, StartToken::automatic));
  EXPECT_EQ(start_token(silent, StartToken::on), kEndOfText);

  const LoadedModel adding = open(R"({"bos_token": "<|endoftext|>", "add_bos_token": true})");
  EXPECT_THAT(prompt_tokens(adding, "the"), ElementsAre(kEndOfText, 257));
  EXPECT_THAT(prompt_tokens(adding, "the", StartToken::off), ElementsAre(257));
  EXPECT_EQ(start_token(adding, StartToken::automatic), kEndOfText);
  EXPECT_FALSE(start_token(adding, StartToken::off));
}

TEST_F(Prompt, GetsNoSecondStartToken) {
  const LoadedModel adding = open(R"({"bos_token": "<|endoftext|>", "add_bos_token": true})");
  for (const StartToken start : {StartToken::automatic, StartToken::on, StartToken::off}) {
    EXPECT_THAT(prompt_tokens(adding, "<|endoftext|>the", start), ElementsAre(kEndOfText, 257));
  }
}

TEST_F(Prompt, RefusesAStartTokenThatTheModelDoesNotName) {
  const LoadedModel model = open("{}");
  EXPECT_THROW((void)start_token(model, StartToken::on), core::UsageError);
}

TEST_F(Prompt, HasAllTokensOfATokenizerThatPutsTwoBeforeATextAndChunksRefuseThem) {
  std::filesystem::remove(folder_.path() / "vocab.json");
  std::filesystem::remove(folder_.path() / "merges.txt");
  support::write_bytes(folder_.path() / "tokenizer.json",
                       R"({"post_processor": {"type": "TemplateProcessing",
                            "single": [{"SpecialToken": {"id": "x"}}, {"SpecialToken": {"id": "y"}},
                                       {"Sequence": {}}],
                            "special_tokens": {"x": {"ids": [1]}, "y": {"ids": [2]}}},
                           "model": {"vocab": {"a": 0, "x": 1, "y": 2}, "merges": []}})");
  const LoadedModel model = open("{}");
  EXPECT_THAT(prompt_tokens(model, "a"), ElementsAre(1, 2, 0));
  EXPECT_THROW((void)start_token(model, StartToken::automatic), core::UsageError);
  EXPECT_EQ(start_token(model, StartToken::on), 1);
  EXPECT_FALSE(start_token(model, StartToken::off));
}

TEST_F(Prompt, IsWrittenByTheChatTemplateWithTheTokenizersTokens) {
  const LoadedModel model = open(
      R"({"bos_token": "<|endoftext|>", "eos_token": "</s>", "chat_template":
          "{{ bos_token }}{% for m in messages %}{{ '<|' + m.role + '|>\\n' + m.content + )"
      R"(eos_token + '\\n' }}{% endfor %}{{ '<|assistant|>\\n' }}"})");
  EXPECT_EQ(chat_text(model, "", "the"), "<|endoftext|><|user|>\nthe</s>\n<|assistant|>\n");
  EXPECT_EQ(chat_text(model, "Be brief.", "the"),
            "<|endoftext|><|system|>\nBe brief.</s>\n<|user|>\nthe</s>\n<|assistant|>\n");
}

TEST_F(Prompt, RefusesAChatWithoutATemplateAndSaysHowToGoOn) {
  const LoadedModel model = open("{}");
  try {
    (void)chat_text(model, "", "the");
    ADD_FAILURE() << "a chat without a template";
  } catch (const core::Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("no chat template"));
    EXPECT_THAT(error.what(), HasSubstr("as plain text"));
  }
}

TEST_F(Prompt, OfAModelEndsAtTheEndOfAChatsTurnToo) {
  support::TinyModelOptions options;
  options.config.vocabulary = 261;
  support::write_tiny_model(options, folder_.path());
  const LoadedModel model = open(
      R"({"chat_template": "<|im_start|><|im_end|>",
          "added_tokens_decoder": {"260": {"content": "<|im_end|>", "special": true}}})");
  EXPECT_THAT(model.model->config().ends_of_text, ElementsAre(kEndOfText, 260));
}

TEST_F(Prompt, OfAModelWithoutAnEndEndsWhereItsTokenizerSays) {
  support::TinyModelOptions options;
  options.config.ends_of_text = {};
  support::write_tiny_model(options, folder_.path());
  EXPECT_THAT(open("{}").model->config().ends_of_text, ElementsAre(kEndOfText));
  EXPECT_THAT(open(R"({"eos_token": "the"})").model->config().ends_of_text, ElementsAre(257));
}

TEST(ParseTokenIds, TakesWordsAndWhatTokenizePrints) {
  EXPECT_THAT(parse_token_ids("1275 443"), ElementsAre(1275, 443));
  EXPECT_THAT(parse_token_ids("[1275,443]\n"), ElementsAre(1275, 443));
  EXPECT_THAT(parse_token_ids(" [ 1275, 443 ] "), ElementsAre(1275, 443));
  EXPECT_THAT(parse_token_ids("[]"), IsEmpty());
  EXPECT_THAT(parse_token_ids(""), IsEmpty());
}

TEST(ParseTokenIds, RefusesWhatIsNoListOfIds) {
  for (const char* text : {"1,2", "[1", "1]", "[[1]]", "-1", "1.5", "[\"1\"]", "x", "[", "[1,,2]",
                           "[1,2,]", "[,1]", "[1, ,2]", "[,]"}) {
    EXPECT_THROW(parse_token_ids(text), core::UsageError) << text;
  }
}

}  // namespace
}  // namespace sketchscope::model
