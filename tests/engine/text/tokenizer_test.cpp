#include "engine/text/tokenizer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <chrono>

#include "engine/core/error.hpp"
#include "engine/core/files.hpp"
#include "engine/core/random.hpp"
#include "engine/text/byte_alphabet.hpp"
#include "tests/support/data_folder.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/tiny_model.hpp"

namespace sketchscope {
namespace {

using support::TemporaryDirectory;
using support::write_bytes;
using ::testing::ElementsAre;

Tokenizer tiny_tokenizer() {
  const TemporaryDirectory directory;
  support::write_tiny_tokenizer(directory.path());
  return std::move(*Tokenizer::open(directory.path()));
}

std::string random_bytes(SplitMix64& random) {
  std::string bytes(random.below(60), '\0');
  for (char& byte : bytes) {
    // Bytes that begin and continue UTF-8 characters often enough to make whole ones.
    constexpr std::string_view kLikely = "the \xC3\xA9\xE2\x80\x83\xF0\x9F\x99\x82\xED\xA0\x80";
    byte = random.below(2) == 0 ? kLikely[random.below(kLikely.size())]
                                : static_cast<char>(random.below(256));
  }
  return bytes;
}

TEST(Tokenizer, MergesTheLowestRankFirst) {
  const Tokenizer tokenizer = tiny_tokenizer();
  EXPECT_THAT(tokenizer.encode("the the th t"), ElementsAre(257, 258, ' ', 256, ' ', 't'));
}

TEST(Tokenizer, DecodesWhatItEncodedWhateverTheBytes) {
  const Tokenizer tokenizer = tiny_tokenizer();
  SplitMix64 random(3);
  for (int i = 0; i < 2000; ++i) {
    const std::string bytes = random_bytes(random);
    ASSERT_EQ(tokenizer.decode(tokenizer.encode(bytes)), bytes) << printable_from_bytes(bytes);
  }
}

TEST(Tokenizer, TakesEveryByteAloneAsItself) {
  const Tokenizer tokenizer = tiny_tokenizer();
  for (int byte = 0; byte < 256; ++byte) {
    EXPECT_THAT(tokenizer.encode(std::string(1, static_cast<char>(byte))), ElementsAre(byte));
  }
}

TEST(Tokenizer, KnowsItsSpecialToken) {
  const Tokenizer tokenizer = tiny_tokenizer();
  EXPECT_EQ(tokenizer.end_of_text(), 259);
  EXPECT_THAT(tokenizer.encode("<|endoftext|>a<|endoftext|>"), ElementsAre(259, 'a', 259));
  EXPECT_EQ(tokenizer.decode({259}), "<|endoftext|>");
}

TEST(Tokenizer, HasNoTextForIdsItDoesNotKnow) {
  const Tokenizer tokenizer = tiny_tokenizer();
  EXPECT_EQ(tokenizer.size(), 260);
  EXPECT_EQ(tokenizer.bytes_of(260), "");
  EXPECT_EQ(tokenizer.bytes_of(-1), "");
  EXPECT_THROW((void)tokenizer.decode({260}), Error);
  EXPECT_THROW((void)tokenizer.decode({-1}), Error);
}

TEST(Tokenizer, AcceptsAVocabularyWithHoles) {
  const TemporaryDirectory directory;
  write_bytes(directory.path() / "vocab.json", R"({"a": 0, "b": 5, "ab": 9})");
  write_bytes(directory.path() / "merges.txt", "#version: 0.2\na b\n");
  const auto tokenizer = Tokenizer::open(directory.path());
  ASSERT_TRUE(tokenizer);
  EXPECT_EQ(tokenizer->size(), 10);
  EXPECT_THAT(tokenizer->encode("abba"), ElementsAre(9, 5, 0));
  EXPECT_THROW((void)tokenizer->decode({3}), Error);
  EXPECT_THROW((void)tokenizer->encode("c"), Error);
  EXPECT_FALSE(tokenizer->end_of_text());
}

TEST(Tokenizer, ReadsTokenizerJsonWithMergesOfEitherForm) {
  for (const std::string merges : {R"(["t h", "th e"])", R"([["t", "h"], ["th", "e"]])"}) {
    const TemporaryDirectory directory;
    write_bytes(directory.path() / "tokenizer.json",
                R"({"added_tokens": [{"id": 7, "content": "<end>"}, {"id": 8, "content": "<end>>"}],
                    "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false},
                    "model": {"type": "BPE", "vocab": {"t": 0, "h": 1, "e": 2, "th": 3, "the": 4},
                              "merges": )" +
                    merges + "}}");
    const auto tokenizer = Tokenizer::open(directory.path());
    ASSERT_TRUE(tokenizer);
    EXPECT_THAT(tokenizer->encode("thethe<end>t<end>>"), ElementsAre(4, 4, 7, 0, 8));
  }
}

TEST(Tokenizer, IsAbsentWhereADirectoryHasNoneOfItsFiles) {
  const TemporaryDirectory directory;
  EXPECT_FALSE(Tokenizer::open(directory.path()));
}

struct Damage {
  std::string vocabulary;
  std::string merges;
};

TEST(Tokenizer, RefusesDamagedFilesByName) {
  for (const Damage& damage :
       {Damage{R"({"a": 0)", ""}, Damage{"[]", ""}, Damage{"{}", ""}, Damage{R"({"a": -1})", ""},
        Damage{R"({"a": 1.5})", ""}, Damage{R"({"a": 99999999999})", ""},
        Damage{R"({"a": "0"})", ""}, Damage{R"({"a": 0, "b": 0})", ""},
        Damage{R"({"a": 0})", "a b"}, Damage{R"({"a": 0})", "a"}, Damage{R"({"a": 0})", "a a a"},
        Damage{R"({"a": 0, "b": 1})", "a b"}}) {
    const TemporaryDirectory directory;
    write_bytes(directory.path() / "vocab.json", damage.vocabulary);
    write_bytes(directory.path() / "merges.txt", damage.merges);
    try {
      (void)Tokenizer::open(directory.path());
      ADD_FAILURE() << damage.vocabulary << " with " << damage.merges << " was accepted";
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), ::testing::HasSubstr(directory.path().string()));
    }
  }
}

TEST(Tokenizer, RefusesTokenizerJsonOfOtherTokenizers) {
  const std::string good =
      R"({"added_tokens": [], "normalizer": null,
          "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false},
          "model": {"type": "BPE", "ignore_merges": false, "vocab": {"a": 0}, "merges": []}})";
  const auto open_with = [&](const std::string& from, const std::string& to) {
    const TemporaryDirectory directory;
    std::string text = good;
    text.replace(text.find(from), from.size(), to);
    write_bytes(directory.path() / "tokenizer.json", text);
    return Tokenizer::open(directory.path());
  };
  EXPECT_TRUE(open_with("null", "null"));
  EXPECT_THROW(open_with("BPE", "Unigram"), Error);
  EXPECT_THROW(open_with("null", R"({"type": "NFC"})"), Error);
  EXPECT_THROW(open_with("ByteLevel", "Whitespace"), Error);
  EXPECT_THROW(open_with(R"("add_prefix_space": false)", R"("add_prefix_space": true)"), Error);
  EXPECT_THROW(open_with(R"("ignore_merges": false)", R"("ignore_merges": true)"), Error);
  EXPECT_THROW(open_with("[]", R"([{"id": 1}])"), Error);
  EXPECT_THROW(open_with("[]", R"([{"id": 1, "content": "x", "lstrip": true}])"), Error);
}

TEST(Tokenizer, HandlesALongRunOfOneWordInTimeThatGrowsWithItsLength) {
  const Tokenizer tokenizer = tiny_tokenizer();
  const std::string word(200'000, 't');
  const auto started = std::chrono::steady_clock::now();
  EXPECT_EQ(tokenizer.encode(word).size(), word.size());
  EXPECT_LT(std::chrono::steady_clock::now() - started, std::chrono::seconds(5));
}

class Gpt2Vocabulary : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(support::data_folder() / "encoder.json")) {
      GTEST_SKIP() << "no encoder.json in " << support::data_folder();
    }
    tokenizer_ = Tokenizer::open(support::data_folder());
  }
  std::optional<Tokenizer> tokenizer_;
};

TEST_F(Gpt2Vocabulary, GivesTheIdsOfHuggingFace) {
  const auto cases = nlohmann::json::parse(read_text_file(
      std::filesystem::path(SKETCHSCOPE_SOURCE_DIR) / "tests/golden/tokenizer.json"));
  ASSERT_FALSE(cases.empty());
  for (const auto& example : cases) {
    const std::string text = example.at("text");
    const std::vector<int> ids = example.at("ids");
    EXPECT_EQ(tokenizer_->encode(text), ids) << text;
    EXPECT_EQ(tokenizer_->decode(ids), text);
  }
}

TEST_F(Gpt2Vocabulary, HasOpenAisSize) {
  EXPECT_EQ(tokenizer_->size(), 50257);
  EXPECT_EQ(tokenizer_->end_of_text(), 50256);
}

TEST_F(Gpt2Vocabulary, DecodesWhatItEncodedWhateverTheBytes) {
  SplitMix64 random(5);
  for (int i = 0; i < 2000; ++i) {
    const std::string bytes = random_bytes(random);
    ASSERT_EQ(tokenizer_->decode(tokenizer_->encode(bytes)), bytes) << printable_from_bytes(bytes);
  }
}

}  // namespace
}  // namespace sketchscope
