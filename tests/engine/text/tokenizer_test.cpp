#include "engine/text/tokenizer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <chrono>

#include "engine/core/error.hpp"
#include "engine/core/files.hpp"
#include "engine/core/random.hpp"
#include "engine/text/byte_alphabet.hpp"
#include "engine/text/tokenizer_parts.hpp"
#include "tests/support/data_folder.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/tiny_model.hpp"

namespace sketchscope::text {
namespace {

using support::TemporaryDirectory;
using support::write_bytes;
using ::testing::ElementsAre;

Tokenizer tiny_tokenizer() {
  const TemporaryDirectory directory;
  support::write_tiny_tokenizer(directory.path());
  return std::move(*Tokenizer::open(directory.path()));
}

std::string random_bytes(core::SplitMix64& random) {
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
  core::SplitMix64 random(3);
  for (int i = 0; i < 2000; ++i) {
    const std::string bytes = random_bytes(random);
    ASSERT_EQ(tokenizer.decode(tokenizer.encode(bytes)), bytes) << printable_from_bytes(bytes);
  }
}

TEST(Tokenizer, GivesTheFirstIdsOfAText) {
  const Tokenizer tokenizer = tiny_tokenizer();
  core::SplitMix64 random(5);
  for (int i = 0; i < 500; ++i) {
    const std::string bytes = random_bytes(random);
    std::vector<int> ids = tokenizer.encode(bytes);
    const auto most = static_cast<std::size_t>(random.below(ids.size() + 2));
    ids.resize(std::min(ids.size(), most));
    ASSERT_EQ(tokenizer.encode(bytes, {.most = most}), ids) << printable_from_bytes(bytes);
  }
}

TEST(Tokenizer, DoesNotReadOnBehindTheIdsThatAreWanted) {
  const Tokenizer tokenizer = tiny_tokenizer();
  std::string text;
  for (int i = 0; i < 1'000'000; ++i) text += "the " + std::to_string(i) + " ";
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  EXPECT_EQ(tokenizer.encode(text, {.most = 100}).size(), 100U);
  const auto middle = Clock::now();
  EXPECT_GT(tokenizer.encode(text).size(), 1'000'000U);
  EXPECT_LT(4 * (middle - start), Clock::now() - middle);
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
  EXPECT_EQ(tokenizer.decode({'a', 260, -1, 50300, 'b'}), "ab");
}

TEST(Tokenizer, AcceptsAVocabularyWithHoles) {
  const TemporaryDirectory directory;
  write_bytes(directory.path() / "vocab.json", R"({"a": 0, "b": 5, "ab": 9})");
  write_bytes(directory.path() / "merges.txt", "#version: 0.2\na b\n");
  const auto tokenizer = Tokenizer::open(directory.path());
  ASSERT_TRUE(tokenizer);
  EXPECT_EQ(tokenizer->size(), 10);
  EXPECT_THAT(tokenizer->encode("abba"), ElementsAre(9, 5, 0));
  EXPECT_EQ(tokenizer->decode({0, 3, 9}), "aab");
  EXPECT_THROW((void)tokenizer->encode("c"), core::Error);
  EXPECT_FALSE(tokenizer->end_of_text());
}

TEST(Tokenizer, ReadsTokenizerJsonWithMergesOfEitherForm) {
  for (const std::string merges : {R"(["t h", "th e"])", R"([["t", "h"], ["th", "e"]])"}) {
    const TemporaryDirectory directory;
    write_bytes(directory.path() / "tokenizer.json",
                R"({"added_tokens": [{"id": 5, "content": "<end>"}, {"id": 6, "content": "<end>>"}],
                    "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false},
                    "model": {"type": "BPE", "vocab": {"t": 0, "h": 1, "e": 2, "th": 3, "the": 4},
                              "merges": )" +
                    merges + "}}");
    const auto tokenizer = Tokenizer::open(directory.path());
    ASSERT_TRUE(tokenizer);
    EXPECT_THAT(tokenizer->encode("thethe<end>t<end>>"), ElementsAre(4, 4, 5, 0, 6));
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
    } catch (const core::Error& error) {
      EXPECT_THAT(error.what(), ::testing::HasSubstr(directory.path().string()));
    }
  }
}

TEST(Tokenizer, SaysWhichOptionOfTokenizerJsonItCannotFollow) {
  const std::string good =
      R"({"added_tokens": [], "normalizer": null, "post_processor": null,
          "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false},
          "decoder": {"type": "ByteLevel"},
          "model": {"type": "BPE", "dropout": null, "vocab": {"a": 0}, "merges": []}})";
  const auto open_with = [&](const std::string& from, const std::string& to) {
    const TemporaryDirectory directory;
    std::string text = good;
    text.replace(text.find(from), from.size(), to);
    write_bytes(directory.path() / "tokenizer.json", text);
    return Tokenizer::open(directory.path());
  };
  EXPECT_TRUE(open_with("null", "null"));
  struct Change {
    std::string from;
    std::string to;
    std::string option;
  };
  for (const auto& [from, to, option] :
       {Change{"BPE", "Unigram", "model.type"}, Change{"BPE", "WordPiece", "model.type"},
        Change{R"("dropout": null)", R"("dropout": 0.1)", "model.dropout"},
        Change{R"("normalizer": null)", R"("normalizer": {"type": "Nmt"})", "normalizer.type"},
        Change{R"("type": "ByteLevel", "add)", R"("type": "UnicodeScripts", "add)",
               "pre_tokenizer.type"},
        Change{R"("decoder": {"type": "ByteLevel"})", R"("decoder": {"type": "CTC"})",
               "decoder.type"},
        Change{R"("post_processor": null)", R"("post_processor": {"type": "Other"})",
               "post_processor"}}) {
    try {
      (void)open_with(from, to);
      ADD_FAILURE() << to << " was accepted";
    } catch (const UnsupportedTokenizer& problem) {
      EXPECT_THAT(problem.what(), ::testing::HasSubstr("option " + option + " "));
    }
  }
  EXPECT_THROW(open_with("[]", R"([{"id": 1}])"), core::Error);
  EXPECT_THROW(open_with("[]", R"([{"content": "x"}])"), core::Error);
}

TEST(Tokenizer, RefusesAPatternThatNeverEnds) {
  const TemporaryDirectory directory;
  write_bytes(directory.path() / "tokenizer.json",
              R"json({"pre_tokenizer": {"type": "Split", "behavior": "Isolated",
                                        "pattern": {"Regex": "(a+)+(?!a)(?<!a)"}},
                      "model": {"type": "BPE", "vocab": {"a": 0}, "merges": []}})json");
  const auto tokenizer = Tokenizer::open(directory.path());
  ASSERT_TRUE(tokenizer);
  EXPECT_THROW((void)tokenizer->encode(std::string(60, 'a')), core::Error);
}

TEST(Tokenizer, RefusesStepsThatAreNestedWithoutEnd) {
  std::string steps = R"({"type": "NFC"})";
  for (int i = 0; i < 60; ++i) {
    steps = R"({"type": "Sequence", "normalizers": [)" + steps + "]}";
  }
  const TemporaryDirectory directory;
  write_bytes(directory.path() / "tokenizer.json",
              R"({"normalizer": )" + steps + R"(, "model": {"vocab": {"a": 0}, "merges": []}})");
  EXPECT_THROW((void)Tokenizer::open(directory.path()), UnsupportedTokenizer);
}

TEST(Tokenizer, GivesTheLastRankToAMergeThatIsListedTwice) {
  const TemporaryDirectory directory;
  write_bytes(directory.path() / "vocab.json", R"({"a": 0, "b": 1, "c": 2, "ab": 3, "bc": 4})");
  write_bytes(directory.path() / "merges.txt", "a b\nb c\na b\n");
  EXPECT_THAT(Tokenizer::open(directory.path())->encode("abc"), ElementsAre(0, 4));
}

TEST(Tokenizer, TakesEndsFromGenerationConfigThenConfigThenItsOwn) {
  const TemporaryDirectory directory;
  support::write_tiny_tokenizer(directory.path());
  const auto ends = [&] { return Tokenizer::open(directory.path())->end_tokens(); };
  EXPECT_THAT(ends(), ElementsAre(259));
  write_bytes(directory.path() / "tokenizer_config.json", R"({"eos_token": "the"})");
  EXPECT_THAT(ends(), ElementsAre(257));
  write_bytes(directory.path() / "config.json", R"({"eos_token_id": [99, 45]})");
  EXPECT_THAT(ends(), ElementsAre(99, 45));
  write_bytes(directory.path() / "generation_config.json", R"({"eos_token_id": 7})");
  EXPECT_THAT(ends(), ElementsAre(7));
  write_bytes(directory.path() / "generation_config.json", R"({"eos_token_id": null})");
  EXPECT_THAT(ends(), ElementsAre(99, 45));
}

TEST(Tokenizer, NamesItsStartTokenWhetherItAddsItOrNot) {
  const TemporaryDirectory directory;
  support::write_tiny_tokenizer(directory.path());
  EXPECT_FALSE(Tokenizer::open(directory.path())->start_token());
  write_bytes(directory.path() / "tokenizer_config.json", R"({"bos_token": "<|endoftext|>"})");
  const auto silent = Tokenizer::open(directory.path());
  EXPECT_EQ(silent->start_token(), 259);
  EXPECT_FALSE(silent->adds_start_token());
  write_bytes(directory.path() / "tokenizer_config.json",
              R"({"bos_token": "<|endoftext|>", "add_bos_token": true})");
  const auto adding = Tokenizer::open(directory.path());
  EXPECT_TRUE(adding->adds_start_token());
  EXPECT_THAT(adding->encode("a"), ElementsAre('a'));
  EXPECT_THAT(adding->encode("a", {.add_special_tokens = true}), ElementsAre(259, 'a'));
}

TEST(Tokenizer, RefusesAClassAndASettingThatItCannotFollow) {
  for (const char* settings :
       {R"({"tokenizer_class": "CLIPTokenizer"})", R"({"split_special_tokens": true})",
        R"({"add_prefix_space": "yes"})"}) {
    const TemporaryDirectory directory;
    support::write_tiny_tokenizer(directory.path());
    write_bytes(directory.path() / "tokenizer_config.json", settings);
    EXPECT_THROW((void)Tokenizer::open(directory.path()), UnsupportedTokenizer) << settings;
  }
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
  const auto cases = nlohmann::json::parse(core::read_text_file(
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
  core::SplitMix64 random(5);
  for (int i = 0; i < 2000; ++i) {
    const std::string bytes = random_bytes(random);
    ASSERT_EQ(tokenizer_->decode(tokenizer_->encode(bytes)), bytes) << printable_from_bytes(bytes);
  }
}

}  // namespace
}  // namespace sketchscope::text
