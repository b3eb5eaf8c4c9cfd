#include "engine/text/tokenizer_json.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "engine/text/tokenizer.hpp"
#include "engine/text/utf8.hpp"
#include "tests/support/data_folder.hpp"
#include "tests/support/golden_tokenizers.hpp"
#include "tests/support/temporary_directory.hpp"

namespace sketchscope::text {
namespace {

using nlohmann::json;
using support::TemporaryDirectory;
using support::write_bytes;

using Ids = std::vector<int>;

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

  json file_ = support::golden_tokenizers("tokenizer_json.json");
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
      EXPECT_EQ(utf8_replacing_invalid(support::streamed(tokenizer, ids)), wanted)
          << name << " " << i;
    }
  }
}

TEST(TokenizerLayouts, GiveTheIdsOfTransformersForFilesBesideAVocabulary) {
  const json file = support::golden_tokenizers("layouts.json");
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

Ids ids_with_some_bytes(bool fuses, const std::string& text) {
  const TemporaryDirectory directory;
  const json model = {{"type", "BPE"},
                      {"unk_token", "<unk>"},
                      {"fuse_unk", fuses},
                      {"byte_fallback", true},
                      {"vocab", {{"<unk>", 0}, {"a", 1}, {"<0x62>", 2}}},
                      {"merges", json::array()}};
  write_bytes(directory.path() / "tokenizer.json", json{{"model", model}}.dump());
  return Tokenizer::open(directory.path())->encode(text);
}

TEST(TokenizerJsonBytes, StandBeforeAnUnknownEntryThatTheyFollow) {
  // The ids of tokenizers 0.22.1.
  EXPECT_EQ(ids_with_some_bytes(true, "zb"), (Ids{2, 0}));
  EXPECT_EQ(ids_with_some_bytes(true, "zzbbzz"), (Ids{2, 2, 0}));
  EXPECT_EQ(ids_with_some_bytes(true, "zbzab"), (Ids{2, 0, 1, 2}));
  EXPECT_EQ(ids_with_some_bytes(false, "zbz"), (Ids{2, 0, 0}));
  EXPECT_EQ(ids_with_some_bytes(false, "zzbbzz"), (Ids{0, 2, 2, 0, 0, 0}));
  EXPECT_EQ(ids_with_some_bytes(false, "zbzab"), (Ids{2, 0, 0, 1, 2}));
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
}  // namespace sketchscope::text
