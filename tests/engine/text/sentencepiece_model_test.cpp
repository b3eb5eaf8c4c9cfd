#include "engine/text/sentencepiece_model.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "engine/core/error.hpp"
#include "engine/text/tokenizer.hpp"
#include "tests/support/golden_tokenizers.hpp"
#include "tests/support/temporary_directory.hpp"

namespace sketchscope::text {
namespace {

using nlohmann::json;
using support::TemporaryDirectory;
using support::write_bytes;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(SentencePieceModel, GivesTheIdsOfSentencePiece) {
  const json file = support::golden_tokenizers("sentencepiece.json");
  ASSERT_EQ(file.size(), 4U);
  for (const auto& [name, example] : file.items()) {
    const TemporaryDirectory directory;
    write_bytes(directory.path() / "tokenizer.model",
                support::bytes_of_base64(example.at("model").get<std::string>()));
    const auto tokenizer = Tokenizer::open(directory.path());
    ASSERT_TRUE(tokenizer) << name;
    EXPECT_TRUE(tokenizer->adds_start_token());
    EXPECT_THAT(tokenizer->end_tokens(), ElementsAre(2));
    for (std::size_t i = 0; i < example.at("texts").size(); ++i) {
      const std::string text = example.at("texts")[i];
      const std::vector<int> ids = example.at("ids")[i];
      EXPECT_EQ(tokenizer->encode(text), ids) << name << ": " << text;
      EXPECT_EQ(support::streamed(*tokenizer, ids), tokenizer->decode(ids)) << name << ": " << text;
      if (name == "llama") {
        EXPECT_EQ(tokenizer->decode(ids), text);
      }
    }
  }
}

TEST(SentencePieceModel, IsRefusedWhereverItIsCutOrOfAnotherKind) {
  const std::string whole = support::bytes_of_base64(
      support::golden_tokenizers("sentencepiece.json").at("rules").at("model").get<std::string>());
  int refused = 0;
  for (std::size_t length = 0; length < whole.size(); length += 7) {
    try {
      (void)parts_of_lists(read_sentencepiece_model(whole.substr(0, length), "cut.model"));
    } catch (const core::Error& error) {
      ++refused;
      EXPECT_THAT(error.what(), HasSubstr("cut.model"));
    }
  }
  EXPECT_GT(refused, static_cast<int>(whole.size() / 7) - 10);
  EXPECT_THROW((void)read_sentencepiece_model("IQ== 0\nIg== 1\n", "ranks"), UnsupportedTokenizer);
  EXPECT_THROW((void)read_sentencepiece_model(std::string_view("\x12\x02\x18\x01", 4), "unigram"),
               UnsupportedTokenizer);
}

}  // namespace
}  // namespace sketchscope::text
