#include "engine/text/tokenizer_lists.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "engine/core/error.hpp"
#include "engine/text/tokenizer.hpp"
#include "tests/support/golden_tokenizers.hpp"

namespace sketchscope::text {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;

TEST(TokenizerLists, CutTextAsTheFamiliesOfTheirPreTokenizerDo) {
  const json file = support::golden_tokenizers("tokenizer_json.json");
  const auto& bytes = file.at("vocabularies").at("bytes");
  TokenizerLists lists{.source = "a list"};
  lists.tokens.resize(bytes.at("vocab").size());
  for (const auto& [entry, id] : bytes.at("vocab").items()) lists.tokens.at(id) = entry;
  for (const auto& merge : bytes.at("merges")) {
    lists.merges.push_back(merge[0].get<std::string>() + " " + merge[1].get<std::string>());
  }
  for (const auto& [pre, variant] :
       {std::pair("gpt-2", "gpt2"), std::pair("smollm", "smollm"), std::pair("llama-bpe", "llama3"),
        std::pair("qwen2", "qwen2"), std::pair("tekken", "tekken")}) {
    lists.pre = pre;
    const Tokenizer tokenizer = Tokenizer::from_lists(lists);
    for (std::size_t i = 0; i < file.at("texts").size(); ++i) {
      const std::string text = file.at("texts")[i];
      EXPECT_EQ(tokenizer.encode(text),
                file.at("variants").at(variant).at("ids")[i].get<std::vector<int>>())
          << pre << ": " << text;
    }
  }
  lists.pre = "another";
  EXPECT_THROW((void)Tokenizer::from_lists(lists), UnsupportedTokenizer);
}

TEST(TokenizerLists, FollowScoresTypesAndSpecialTokens) {
  const TokenizerLists lists{.source = "a list",
                             .kind = TokenizerLists::Kind::llama,
                             .tokens = {"<unk>", "<s>", "</s>", "\xE2\x96\x81", "a", "b", "c", "ab",
                                        "bc", "<0x0A>", "<turn>"},
                             .scores = {0, 0, 0, -9, -8, -7, -6, -2, -1, 0, 0},
                             .types = {2, 3, 3, 1, 1, 1, 1, 1, 1, 6, 3},
                             .start_token = 1,
                             .end_tokens = {2, 10}};
  const Tokenizer tokenizer = Tokenizer::from_lists(lists);
  EXPECT_THAT(tokenizer.encode("abc"), ElementsAre(3, 4, 8)) << "the higher score merges first";
  EXPECT_THAT(tokenizer.encode("a<turn>b\n"), ElementsAre(3, 4, 10, 3, 5, 9));
  EXPECT_THAT(tokenizer.encode("xyz"), ElementsAre(3, 0)) << "bytes that are absent are unknown";
  EXPECT_THAT(tokenizer.encode("a", {.add_special_tokens = true}), ElementsAre(1, 3, 4));
  EXPECT_EQ(tokenizer.decode({1, 3, 4, 9, 3, 5}), "<s> a\n b");
  EXPECT_EQ(tokenizer.bytes_of(3), " ");
  EXPECT_THAT(tokenizer.end_tokens(), ElementsAre(2, 10));
  TokenizerLists short_lists = lists;
  short_lists.scores.pop_back();
  EXPECT_THROW((void)Tokenizer::from_lists(short_lists), core::Error);
  TokenizerLists foreign = lists;
  foreign.start_token = 11;
  EXPECT_THROW((void)Tokenizer::from_lists(foreign), core::Error);
}

}  // namespace
}  // namespace sketchscope::text
