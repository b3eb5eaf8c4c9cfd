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
  // transformers 5 keeps it for this class, and 4.57 clears it.
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

constexpr const char* kNoTemplate = "null";
constexpr const char* kStart =
    R"({"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "<s>"}}, {"Sequence": {}}],
        "special_tokens": {"<s>": {"ids": [1]}}})";
constexpr const char* kBoth =
    R"({"type": "TemplateProcessing",
        "single": [{"SpecialToken": {"id": "<s>"}}, {"Sequence": {}},
                   {"SpecialToken": {"id": "</s>"}}],
        "special_tokens": {"<s>": {"ids": [1]}, "</s>": {"ids": [2]}}})";

/// Opens a tokenizer of "a", `<s>` and `</s>` with a post-processor, in a folder of a family; the
/// settings have the roles and `more`, or are no file where that is empty.
Tokenizer open_around(const std::string& post_processor, const std::string& more,
                      const std::string& family = "llama") {
  Files files = {{"tokenizer.json", R"({"post_processor": )" + post_processor +
                                        R"(, "model": {"type": "BPE", "merges": [],
                                           "vocab": {"a": 0, "<s>": 1, "</s>": 2}}})"},
                 {"config.json", R"({"model_type": ")" + family + "\"}"}};
  if (!more.empty()) {
    files["tokenizer_config.json"] = R"({"bos_token": "<s>", "eos_token": "</s>", )" + more + "}";
  }
  return open(files);
}

Ids ids_around(const std::string& post_processor, const std::string& more,
               const std::string& family = "llama") {
  return open_around(post_processor, more, family).encode("a", {.add_special_tokens = true});
}

TEST(TokenizerSettings, PutTheStartTokenOfLlamasClassInPlaceOfAnyTemplate) {
  for (const char* post_processor : {kNoTemplate, kStart, kBoth}) {
    for (const char* name : {"Llama", "CodeLlama", "Gemma", "Cohere"}) {
      for (const char* end : {"Tokenizer", "TokenizerFast"}) {
        const std::string named = R"("tokenizer_class": ")" + std::string(name) + end + "\"";
        EXPECT_EQ(ids_around(post_processor, named), (Ids{1, 0})) << named << post_processor;
      }
    }
    EXPECT_EQ(ids_around(post_processor, ""), (Ids{1, 0})) << post_processor;
    EXPECT_EQ(ids_around(post_processor, "", "mistral"), (Ids{1, 0})) << post_processor;
  }
}

TEST(TokenizerSettings, FollowTheOptionsOfAClassThatReplacesTheTemplate) {
  const std::string llama = R"("tokenizer_class": "LlamaTokenizer", )";
  const std::string neox = R"("tokenizer_class": "GPTNeoXTokenizer")";
  for (const char* post_processor : {kNoTemplate, kStart, kBoth}) {
    EXPECT_EQ(ids_around(post_processor, llama + R"("add_bos_token": false)"), (Ids{0}));
    EXPECT_EQ(ids_around(post_processor, llama + R"("add_bos_token": null)"), (Ids{0}));
    EXPECT_EQ(ids_around(post_processor, llama + R"("add_eos_token": true)"), (Ids{1, 0, 2}));
    EXPECT_EQ(ids_around(post_processor, neox), (Ids{0}));
    EXPECT_EQ(ids_around(post_processor, neox + R"(, "add_eos_token": true)"), (Ids{0, 2}));
  }
}

TEST(TokenizerSettings, KeepTheTemplateWithAClassThatLeavesIt) {
  for (const char* name : {"Qwen2Tokenizer", "GPT2Tokenizer", "PreTrainedTokenizerFast"}) {
    const std::string named = R"("tokenizer_class": ")" + std::string(name) + "\"";
    EXPECT_EQ(ids_around(kNoTemplate, named), (Ids{0})) << name;
    EXPECT_EQ(ids_around(kStart, named), (Ids{1, 0})) << name;
    EXPECT_EQ(ids_around(kBoth, named), (Ids{1, 0, 2})) << name;
  }
}

TEST(TokenizerSettings, MarkTheStartTokenOfTheFamilysClassAsSpecial) {
  const Tokenizer tokenizer = open_around(kNoTemplate, "");
  EXPECT_EQ(tokenizer.encode("a<s>a"), (Ids{0, 1, 0}));
  EXPECT_EQ(tokenizer.start_token(), 1);
}

TEST(TokenizerSettings, KeepTheTemplateWhereTheVocabularyLacksTheStartTokenOfTheClass) {
  // transformers gives that token an id behind the vocabulary, which the model has no weights for.
  const Tokenizer tokenizer =
      open({{"tokenizer.json", R"({"post_processor": {"type": "TemplateProcessing",
               "single": [{"SpecialToken": {"id": "b"}}, {"Sequence": {}}],
               "special_tokens": {"b": {"ids": [1]}}},
               "model": {"type": "BPE", "merges": [], "vocab": {"a": 0, "b": 1}}})"},
            {"config.json", R"({"model_type": "llama"})"}});
  EXPECT_EQ(tokenizer.encode("a", {.add_special_tokens = true}), (Ids{1, 0}));
}

/// Returns the ids of "<x><y>" with a vocabulary and added tokens in tokenizer.json.
Ids ids_of_added(const std::string& vocabulary, const std::string& added, const Files& more = {}) {
  Files files = {{"tokenizer.json", R"({"added_tokens": )" + added +
                                        R"(, "model": {"type": "BPE", "merges": [], "vocab": )" +
                                        vocabulary + "}}"}};
  files.insert(more.begin(), more.end());
  return open(files).encode("<x><y>");
}

TEST(TokenizerSettings, CountAddedTokensOnWhateverIdsTheirFileWrites) {
  const std::string dense = R"({"a": 0, "b": 1})";
  const std::string sparse = R"({"a": 0, "b": 9})";
  struct Case {
    std::string vocabulary;
    std::string added;
    Ids ids;
  };
  for (const auto& [vocabulary, added, ids] :
       {Case{dense, R"([{"id": 5, "content": "<x>"}, {"id": 6, "content": "<y>"}])", {2, 3}},
        Case{dense, R"([{"id": 3, "content": "<x>"}, {"id": 2, "content": "<y>"}])", {2, 3}},
        Case{dense, R"([{"id": 0, "content": "<x>"}, {"id": 1, "content": "<y>"}])", {2, 3}},
        Case{dense,
             R"([{"id": 2, "content": "<x>"}, {"id": 3, "content": "<x>"},
                 {"id": 4, "content": "<y>"}])",
             {2, 3}},
        Case{sparse, R"([{"id": 10, "content": "<x>"}, {"id": 11, "content": "<y>"}])", {2, 3}},
        Case{R"({"a": 0, "b": 9, "<x>": 20})",
             R"([{"id": 20, "content": "<x>"}, {"id": 21, "content": "<y>"}])",
             {20, 21}},
        Case{R"({"a": 0, "b": 9, "<x>": 1})",
             R"([{"id": 7, "content": "<x>"}, {"id": 10, "content": "<y>"}])",
             {1, 3}}}) {
    EXPECT_EQ(ids_of_added(vocabulary, added), ids) << vocabulary << added;
  }
}

TEST(TokenizerSettings, CountTheTokensOfOtherFilesOnInTheOrderOfTheirIds) {
  const std::string vocabulary = R"({"a": 0, "b": 1})";
  EXPECT_EQ(ids_of_added(vocabulary, "[]", {{"tokenizer_config.json", R"({"added_tokens_decoder": {
                               "10": {"content": "<y>"}, "5": {"content": "<x>"}}})"}}),
            (Ids{2, 3}));
  EXPECT_EQ(ids_of_added(vocabulary, "[]", {{"added_tokens.json", R"({"<x>": 5, "<y>": 2})"}}),
            (Ids{3, 2}));
  EXPECT_EQ(ids_of_added(R"({"a": 0, "b": 9})", "[]",
                         {{"special_tokens_map.json",
                           R"({"pad_token": "<x>", "additional_special_tokens": ["<y>"]})"}}),
            (Ids{2, 3}));
}

TEST(TokenizerSettings, CountNamedTokensOnInTheOrderOfTheirFile) {
  EXPECT_EQ(ids_of_added(R"({"a": 0, "b": 1})", "[]",
                         {{"tokenizer_config.json", R"({"extra_special_tokens":
                               {"image_token": "<y>", "audio_token": "<x>"}})"}}),
            (Ids{3, 2}));
}

}  // namespace
}  // namespace sketchscope::text
