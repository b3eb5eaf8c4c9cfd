#include "engine/text/tokenizer_settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "engine/text/tokenizer.hpp"
#include "tests/support/temporary_directory.hpp"

// The ids are those of transformers 4.57.1 for the same files.
namespace sketchscope::text {
namespace {

using Ids = std::vector<int>;
using Files = std::map<std::string, std::string>;

Tokenizer open(const Files& files) {
  const support::TemporaryDirectory directory;
  for (const auto& [name, content] : files) support::write_bytes(directory.path() / name, content);
  return std::move(*Tokenizer::open(directory.path()));
}

Ids ids_of_pair(const std::string& config) {
  return open({{"vocab.json", R"({"1": 0, "2": 1, "12": 2, "e": 3, "\u00cc": 4, "\u0123": 5,
                                  "\u00c3": 6, "\u00a9": 7, "<|endoftext|>": 8})"},
               {"merges.txt", "#version: 0.2\n1 2\n"},
               {"config.json", config}})
      .encode("12e\u0301");
}

TEST(TokenizerSettings, TakeThePreTokenizerOfTheFamilyWhereNoClassIsNamed) {
  const Ids composed_digit_by_digit = {0, 1, 6, 7};
  const Ids as_gpt2 = {2, 3, 4, 5};
  EXPECT_EQ(ids_of_pair(R"({"model_type": "qwen2"})"), composed_digit_by_digit);
  EXPECT_EQ(ids_of_pair(R"({"model_type": "qwen3"})"), composed_digit_by_digit);
  EXPECT_EQ(ids_of_pair(R"({"model_type": "gpt2"})"), as_gpt2);
}

TEST(TokenizerSettings, PutTheClassThatConfigJsonNamesBeforeTheFamily) {
  EXPECT_EQ(ids_of_pair(R"({"model_type": "gpt2", "tokenizer_class": "Qwen2Tokenizer"})"),
            (Ids{0, 1, 6, 7}));
  EXPECT_EQ(ids_of_pair(R"({"model_type": "qwen2", "tokenizer_class": "GPT2TokenizerFast"})"),
            (Ids{2, 3, 4, 5}));
}

std::string whole_with(const std::string& pre_tokenizer) {
  return R"({"pre_tokenizer": )" + pre_tokenizer + R"(, "model": {"type": "BPE", "vocab":
             {"a": 0, "\u0120": 1, "\u0120a": 2, "\u2581": 3, "\u2581a": 4, "<s>": 5, "</s>": 6},
             "merges": ["\u0120 a", "\u2581 a"]}})";
}

Ids ids_with_prefix(const std::string& settings, const std::string& family = "llama") {
  Files files = {
      {"tokenizer.json", whole_with(R"({"type": "ByteLevel", "add_prefix_space": true})")},
      {"config.json", R"({"model_type": ")" + family + "\"}"}};
  if (!settings.empty()) files["tokenizer_config.json"] = settings;
  return open(files).encode("aa a");
}

TEST(TokenizerSettings, ClearThePrefixSpaceWhereTheClassHasNone) {
  const Ids without = {0, 0, 2};
  EXPECT_EQ(ids_with_prefix(R"({"tokenizer_class": "GPT2Tokenizer"})"), without);
  EXPECT_EQ(ids_with_prefix(R"({"tokenizer_class": "Qwen2TokenizerFast"})"), without);
  EXPECT_EQ(ids_with_prefix(R"({"tokenizer_class": "PreTrainedTokenizerFast",
                                "add_prefix_space": false})"),
            without);
  EXPECT_EQ(ids_with_prefix("", "gpt2"), without);
  EXPECT_EQ(ids_with_prefix("", "qwen2"), without);
}

TEST(TokenizerSettings, KeepThePrefixSpaceWhereTheClassOrTheOptionDoes) {
  const Ids with = {2, 0, 2};
  EXPECT_EQ(ids_with_prefix(R"({"tokenizer_class": "LlamaTokenizer"})"), with);
  EXPECT_EQ(ids_with_prefix(R"({"tokenizer_class": "GPT2Tokenizer", "add_prefix_space": true})"),
            with);
  EXPECT_EQ(ids_with_prefix(R"({"tokenizer_class": "GPT2Tokenizer", "add_prefix_space": null})"),
            with);
  EXPECT_EQ(ids_with_prefix("", "llama"), with);
  EXPECT_EQ(ids_with_prefix("", "mistral"), with);
}

TEST(TokenizerSettings, KeepThePrefixSpaceOfTheFileWithTheGenericClass) {
  // As in transformers 5; 4.57 clears it.
  EXPECT_EQ(ids_with_prefix(R"({"tokenizer_class": "PreTrainedTokenizerFast"})"), (Ids{2, 0, 2}));
}

TEST(TokenizerSettings, LeaveThePrefixSpaceOfOtherPreTokenizersAlone) {
  const Tokenizer tokenizer = open(
      {{"tokenizer.json",
        whole_with(R"({"type": "Metaspace", "replacement": "\u2581", "add_prefix_space": true})")},
       {"tokenizer_config.json",
        R"({"tokenizer_class": "PreTrainedTokenizerFast", "add_prefix_space": false})"}});
  EXPECT_EQ(tokenizer.encode("aa a"), (Ids{4, 0, 4}));
}

}  // namespace
}  // namespace sketchscope::text
