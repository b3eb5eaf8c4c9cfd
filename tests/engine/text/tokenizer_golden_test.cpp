// Fixtures of scripts/make_tokenizer_golden.py: small tokenizers, and what Hugging Face's
// tokenizers, transformers and SentencePiece make of the same texts with them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "engine/core/error.hpp"
#include "engine/core/json_file.hpp"
#include "engine/text/chat_template.hpp"
#include "engine/text/sentencepiece_model.hpp"
#include "engine/text/streaming_decoder.hpp"
#include "engine/text/tokenizer.hpp"
#include "engine/text/tokenizer_lists.hpp"
#include "engine/text/utf8.hpp"
#include "tests/support/data_folder.hpp"
#include "tests/support/temporary_directory.hpp"

namespace sketchscope {
namespace {

using nlohmann::json;
using support::TemporaryDirectory;
using support::write_bytes;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Ids = std::vector<int>;

json golden(const std::string& name) {
  return json::parse(read_text_file(std::filesystem::path(SKETCHSCOPE_SOURCE_DIR) /
                                    "tests/golden/tokenizers" / name));
}

std::string bytes_of_base64(std::string_view text) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  unsigned bits = 0;
  int count = 0;
  for (const char digit : text.substr(0, text.find('='))) {
    bits = bits << 6 | static_cast<unsigned>(kDigits.find(digit));
    count += 6;
    if (count >= 8) bytes.push_back(static_cast<char>(bits >> (count -= 8) & 0xFF));
  }
  return bytes;
}

std::string streamed(const Tokenizer& tokenizer, const Ids& ids) {
  StreamingDecoder decoder(tokenizer);
  std::string text;
  for (const int id : ids) {
    const std::string more = decoder.push(id);
    EXPECT_EQ(utf8_unfinished_length(more), 0U) << "a character is split at " << id;
    text += more;
  }
  return text + decoder.flush();
}

/// Returns one variant's tokenizer.json.
json whole_tokenizer(const json& file, const json& variant) {
  json whole = variant;
  whole["model"]["type"] = "BPE";
  whole["model"].update(file.at("vocabularies").at(variant.at("vocabulary").get<std::string>()));
  return whole;
}

class TokenizerJson : public ::testing::Test {
 protected:
  [[nodiscard]] Tokenizer open(const json& variant) const {
    const TemporaryDirectory directory;
    write_bytes(directory.path() / "tokenizer.json", whole_tokenizer(file_, variant).dump());
    return std::move(*Tokenizer::open(directory.path()));
  }

  json file_ = golden("tokenizer_json.json");
};

TEST_F(TokenizerJson, GivesTheIdsOfHuggingFaceWhateverItsParts) {
  const auto& texts = file_.at("texts");
  ASSERT_GT(texts.size(), 60U);
  ASSERT_GT(file_.at("variants").size(), 40U);
  for (const auto& [name, variant] : file_.at("variants").items()) {
    const Tokenizer tokenizer = open(variant);
    for (std::size_t i = 0; i < texts.size(); ++i) {
      EXPECT_EQ(tokenizer.encode(texts[i].get<std::string>()), variant.at("ids")[i].get<Ids>())
          << name << ": " << texts[i];
    }
    EXPECT_EQ(tokenizer.encode("the mill", {.add_special_tokens = true}),
              variant.at("with_special").get<Ids>())
        << name;
  }
}

TEST_F(TokenizerJson, GivesTheTextsOfHuggingFaceWholeAndStreamed) {
  const auto& texts = file_.at("texts");
  for (const auto& [name, variant] : file_.at("variants").items()) {
    const Tokenizer tokenizer = open(variant);
    const bool fallback = variant.at("vocabulary") == "fallback";
    for (std::size_t i = 0; i < variant.at("decoded").size(); ++i) {
      const bool random = i >= texts.size();
      const Ids ids = (random ? variant.at("more")[i - texts.size()] : variant.at("ids")[i]);
      const json& differing = variant.at("decoded")[i];
      const std::string wanted = differing.is_null() ? texts[i] : differing;
      EXPECT_EQ(utf8_replacing_invalid(tokenizer.decode(ids)), wanted) << name << " " << i;
      if (random && fallback) continue;  // characters before a bad byte are given, and stay
      EXPECT_EQ(utf8_replacing_invalid(streamed(tokenizer, ids)), wanted) << name << " " << i;
    }
  }
}

TEST(TokenizerLayouts, GiveTheIdsOfTransformersForFilesBesideAVocabulary) {
  const json file = golden("layouts.json");
  json vocabulary = file.at("vocabulary").at("vocab");
  vocabulary["<|endoftext|>"] = vocabulary.size();
  std::string merges = "#version: 0.2\n";
  for (const auto& merge : file.at("vocabulary").at("merges")) {
    merges += merge[0].get<std::string>() + " " + merge[1].get<std::string>() + "\n";
  }
  ASSERT_GT(file.at("layouts").size(), 5U);
  for (const auto& [name, layout] : file.at("layouts").items()) {
    const TemporaryDirectory directory;
    write_bytes(directory.path() / "vocab.json", vocabulary.dump());
    write_bytes(directory.path() / "merges.txt", merges);
    for (const auto& [beside, content] : layout.at("files").items()) {
      write_bytes(directory.path() / beside, content.dump());
    }
    const auto tokenizer = Tokenizer::open(directory.path());
    ASSERT_TRUE(tokenizer) << name;
    for (std::size_t i = 0; i < file.at("texts").size(); ++i) {
      const std::string text = file.at("texts")[i];
      EXPECT_EQ(tokenizer->encode(text), layout.at("ids")[i].get<Ids>()) << name << ": " << text;
    }
    EXPECT_EQ(tokenizer->encode("the mill", {.add_special_tokens = true}),
              layout.at("with_special").get<Ids>())
        << name;
  }
}

TEST(SentencePieceModel, GivesTheIdsOfSentencePiece) {
  const json file = golden("sentencepiece.json");
  ASSERT_EQ(file.size(), 4U);
  for (const auto& [name, example] : file.items()) {
    const TemporaryDirectory directory;
    write_bytes(directory.path() / "tokenizer.model",
                bytes_of_base64(example.at("model").get<std::string>()));
    const auto tokenizer = Tokenizer::open(directory.path());
    ASSERT_TRUE(tokenizer) << name;
    EXPECT_TRUE(tokenizer->adds_start_token());
    EXPECT_THAT(tokenizer->end_tokens(), ElementsAre(2));
    for (std::size_t i = 0; i < example.at("texts").size(); ++i) {
      const std::string text = example.at("texts")[i];
      const Ids ids = example.at("ids")[i];
      EXPECT_EQ(tokenizer->encode(text), ids) << name << ": " << text;
      EXPECT_EQ(streamed(*tokenizer, ids), tokenizer->decode(ids)) << name << ": " << text;
      if (name == "llama") {
        EXPECT_EQ(tokenizer->decode(ids), text);
      }
    }
  }
}

TEST(SentencePieceModel, IsRefusedWhereverItIsCutOrOfAnotherKind) {
  const std::string whole =
      bytes_of_base64(golden("sentencepiece.json").at("rules").at("model").get<std::string>());
  int refused = 0;
  for (std::size_t length = 0; length < whole.size(); length += 7) {
    try {
      (void)parts_of_lists(read_sentencepiece_model(whole.substr(0, length), "cut.model"));
    } catch (const Error& error) {
      ++refused;
      EXPECT_THAT(error.what(), HasSubstr("cut.model"));
    }
  }
  EXPECT_GT(refused, static_cast<int>(whole.size() / 7) - 10);
  EXPECT_THROW((void)read_sentencepiece_model("IQ== 0\nIg== 1\n", "ranks"), UnsupportedTokenizer);
  EXPECT_THROW((void)read_sentencepiece_model(std::string_view("\x12\x02\x18\x01", 4), "unigram"),
               UnsupportedTokenizer);
}

TEST(TokenizerLists, CutTextAsTheFamiliesOfTheirPreTokenizerDo) {
  const json file = golden("tokenizer_json.json");
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
      EXPECT_EQ(tokenizer.encode(text), file.at("variants").at(variant).at("ids")[i].get<Ids>())
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
  EXPECT_THROW((void)Tokenizer::from_lists(short_lists), Error);
  TokenizerLists foreign = lists;
  foreign.start_token = 11;
  EXPECT_THROW((void)Tokenizer::from_lists(foreign), Error);
}

TEST(ChatTemplate, WritesWhatTheTemplatesOfItsFamiliesWrite) {
  const json file = golden("chats.json");
  ASSERT_GT(file.size(), 5U);
  for (const auto& [name, example] : file.items()) {
    const auto chat =
        recognise_chat_template(example.at("template").get<std::string>(), "<s>", "</s>");
    EXPECT_EQ(apply_chat(chat, "", "Where is the lantern?"), example.at("alone")) << name;
    EXPECT_EQ(apply_chat(chat, "Answer in one word.", "Where is the lantern?"),
              example.at("with_system"))
        << name;
  }
}

TEST(ChatTemplate, BeginsALlama31SystemTextWithItsDates) {
  const auto chat = recognise_chat_template(
      "{{ bos_token }}<|start_header_id|>Cutting Knowledge Date: December 2023<|eot_id|>", "<s>",
      "</s>");
  EXPECT_EQ(
      apply_chat(chat, "Be brief.", "Hello"),
      "<s><|start_header_id|>system<|end_header_id|>\n\nCutting Knowledge Date: December "
      "2023\nToday Date: 26 Jul 2024\n\nBe brief.<|eot_id|><|start_header_id|>user<|end_header_"
      "id|>\n\nHello<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n");
}

TEST(ChatTemplate, RefusesOthersAndSaysHowToGoOn) {
  for (const char* jinja :
       {"", "{{ messages }}", "[INST] <<SYS>> [/INST]", "<|user|><|end|><|assistant|>"}) {
    try {
      (void)recognise_chat_template(jinja, "<s>", "</s>");
      ADD_FAILURE() << jinja << " was accepted";
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), HasSubstr("ChatML, Llama 3, Mistral, Zephyr"));
      EXPECT_THAT(error.what(), HasSubstr("as plain text"));
    }
  }
}

TEST(Stories260K, StartsAndCutsTextAsItsTokenizerJsonSays) {
  const auto folder = support::data_folder() / "stories260k";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no stories260k beside the data";
  const auto tokenizer = Tokenizer::open(folder);
  ASSERT_TRUE(tokenizer);
  EXPECT_EQ(tokenizer->size(), 512);
  EXPECT_EQ(tokenizer->start_token(), 1);
  EXPECT_TRUE(tokenizer->adds_start_token());
  const Ids ids = {1, 403, 407, 261, 378, 432, 383, 286, 261};
  EXPECT_EQ(tokenizer->decode(ids), "<s> Once upon a time, there was a");
  EXPECT_EQ(tokenizer->encode("Once upon a time, there was a", {.add_special_tokens = true}), ids);
  EXPECT_EQ(tokenizer->decode(tokenizer->encode("Lily saw 3 \xE2\x98\x83.")),
            "Lily saw 3 \xE2\x98\x83.");
}

}  // namespace
}  // namespace sketchscope
