#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/checkpoint/gguf_file.hpp"
#include "engine/core/error.hpp"
#include "engine/core/random.hpp"
#include "tests/support/gguf_bytes.hpp"
#include "tests/support/temporary_directory.hpp"

namespace sketchscope::field {
namespace {

using support::gguf_text;
using support::GgufParts;
using support::raw_bytes;
using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr std::uint32_t kF32 = 0;
constexpr std::uint32_t kQ8 = 8;
constexpr std::uint32_t kU32 = 4;
constexpr std::uint32_t kText = 8;
constexpr std::uint32_t kList = 9;

class GgufFiles : public ::testing::Test {
 protected:
  GgufFiles() {
    parts_.add_key("general.architecture", kText, gguf_text("llama"));
    parts_.add_key("llama.block_count", kU32, raw_bytes<std::uint32_t>(2));
    parts_.add_key(
        "tokenizer.ggml.tokens", kList,
        raw_bytes(kText) + raw_bytes<std::uint64_t>(2) + gguf_text("a") + gguf_text("b"));
    parts_.tensors = {{"token_embd.weight", {32, 2}, kQ8, 0},
                      {"output_norm.weight", {32}, kF32, 96}};
    parts_.data = std::string(96 + 128, '\0');
  }

  /// The message that opening these bytes ends in; empty if they open.
  [[nodiscard]] std::string message_of(const std::string& bytes) const {
    support::write_bytes(file(), bytes);
    try {
      (void)checkpoint::GgufFile::open(file());
    } catch (const core::Error& error) {
      return error.what();
    }
    return {};
  }
  [[nodiscard]] std::string message() const { return message_of(parts_.bytes()); }
  [[nodiscard]] std::filesystem::path file() const { return directory_.path() / "model.gguf"; }

  GgufParts parts_;

 private:
  support::TemporaryDirectory directory_;
};

TEST_F(GgufFiles, OpenWhereNothingIsWrong) {
  EXPECT_EQ(message(), "");
}

TEST_F(GgufFiles, OfAnotherVersionAreRefusedByItsNumber) {
  for (const std::uint32_t version : {1U, 2U, 4U}) {
    parts_.version = version;
    EXPECT_THAT(message(), AllOf(HasSubstr("GGUF version " + std::to_string(version)),
                                 HasSubstr("version 3"), HasSubstr("llama.cpp")));
  }
}

TEST_F(GgufFiles, OfABigEndianMachineAreRefusedAsSuch) {
  parts_.version = 0x03000000;
  EXPECT_THAT(message(), HasSubstr("big-endian"));
}

TEST_F(GgufFiles, ThatAreSomethingElseAreNamed) {
  EXPECT_THAT(message_of("<!DOCTYPE html><html></html>"), HasSubstr("a web page"));
  EXPECT_THAT(message_of("version https://git-lfs.github.com/spec/v1\n"),
              HasSubstr("a Git LFS pointer"));
}

TEST_F(GgufFiles, WithATypeThatIsNotReadNameItWhereTheWeightIsUsed) {
  parts_.tensors[1].type = 10;
  ASSERT_EQ(message(), "");
  const checkpoint::GgufFile opened = checkpoint::GgufFile::open(file());
  EXPECT_NO_THROW((void)opened.tensor("token_embd.weight"));
  try {
    (void)opened.tensor("output_norm.weight");
    ADD_FAILURE() << "was used";
  } catch (const core::Error& error) {
    EXPECT_THAT(error.what(), AllOf(HasSubstr("output_norm.weight"), HasSubstr("found type Q2_K"),
                                    HasSubstr("Q4_K")));
  }
}

TEST_F(GgufFiles, CutShortAnywhereAreRefusedByName) {
  const std::string whole = parts_.bytes();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_THAT(message_of(whole.substr(0, size)), HasSubstr(file().string())) << size << " bytes";
  }
}

TEST_F(GgufFiles, WithChangedBytesAreReadOrRefusedByName) {
  const std::string whole = parts_.bytes();
  core::SplitMix64 random(5);
  int refused = 0;
  for (int i = 0; i < 3000; ++i) {
    std::string bytes = whole;
    for (std::uint64_t changes = 1 + random.below(3); changes > 0; --changes) {
      bytes[random.below(bytes.size())] = static_cast<char>(random.below(256));
    }
    const std::string text = message_of(bytes);
    if (text.empty()) continue;
    ++refused;
    EXPECT_THAT(text, HasSubstr(file().string()));
  }
  EXPECT_GT(refused, 300);
}

TEST_F(GgufFiles, WithCountsBeyondTheFileAreRefusedBeforeMemoryIsTaken) {
  parts_.more_keys = 1ULL << 60;
  EXPECT_THAT(message(), HasSubstr("damaged"));
  parts_.more_keys = 0;
  parts_.more_tensors = 1ULL << 60;
  EXPECT_THAT(message(), HasSubstr("damaged"));
  parts_.more_tensors = 0;
  for (const std::uint32_t type : {0U, 6U, 8U, 9U, 12U}) {
    GgufParts parts = parts_;
    parts.add_key("list", kList, raw_bytes(type) + raw_bytes<std::uint64_t>(1ULL << 61));
    EXPECT_THAT(message_of(parts.bytes()), HasSubstr("a list of 2305843009213693952 values"));
  }
  parts_.add_key("text", kText, raw_bytes<std::uint64_t>(1ULL << 62));
  EXPECT_THAT(message(), HasSubstr("4611686018427387904 more bytes"));
}

TEST_F(GgufFiles, WithListsInListsWithoutEndAreRefused) {
  std::string nested;
  for (int level = 0; level < 100000; ++level)
    nested += raw_bytes(kList) + raw_bytes<std::uint64_t>(1);
  parts_.add_key("list", kList, nested);
  EXPECT_THAT(message(), HasSubstr("lists within lists"));
}

TEST_F(GgufFiles, WithAShapeWhoseSizeOverflowsAreRefused) {
  for (const std::vector<std::uint64_t>& sizes :
       {std::vector<std::uint64_t>{1ULL << 32, 1ULL << 32},
        {1ULL << 62, 2},
        {1ULL << 63},
        {1ULL << 40},
        {64}}) {
    parts_.tensors[1].sizes = sizes;
    EXPECT_THAT(message(), AllOf(HasSubstr("output_norm.weight"), HasSubstr(file().string())));
  }
}

TEST_F(GgufFiles, WithOffsetsOutsideOrBetweenTheirPlacesAreRefused) {
  for (const std::uint64_t offset : {97ULL, 1ULL << 20, 1ULL << 63, ~0ULL - 31, 128ULL}) {
    parts_.tensors[1].offset = offset;
    EXPECT_THAT(message(), HasSubstr("output_norm.weight")) << offset;
  }
}

TEST_F(GgufFiles, WithTensorsThatOverlapAreRefused) {
  parts_.tensors[1].offset = 64;
  EXPECT_THAT(message(),
              AllOf(HasSubstr("output_norm.weight"), HasSubstr("within another tensor")));
}

TEST_F(GgufFiles, WithRowsThatAreNoWholeBlocksAreRefused) {
  parts_.tensors[0].sizes = {31, 2};
  EXPECT_THAT(message(), AllOf(HasSubstr("token_embd.weight"), HasSubstr("rows of 31 numbers"),
                               HasSubstr("blocks of 32")));
}

TEST_F(GgufFiles, WithTooManyAxesAreRefused) {
  parts_.tensors[0].sizes = {32, 1, 1, 1, 1};
  EXPECT_THAT(message(), HasSubstr("5 axes"));
}

TEST_F(GgufFiles, ThatSayAnythingTwiceAreRefused) {
  parts_.tensors[1].name = "token_embd.weight";
  EXPECT_THAT(message(), HasSubstr("token_embd.weight"));
  parts_.tensors.pop_back();
  parts_.add_key("llama.block_count", kU32, raw_bytes<std::uint32_t>(3));
  EXPECT_THAT(message(), HasSubstr("llama.block_count"));
}

TEST_F(GgufFiles, WithAnAlignmentThatIsNoPowerOfTwoAreRefused) {
  for (const std::uint32_t alignment : {0U, 24U, 1U << 30}) {
    GgufParts parts = parts_;
    parts.add_key("general.alignment", kU32, raw_bytes(alignment));
    EXPECT_THAT(message_of(parts.bytes()), HasSubstr("general.alignment")) << alignment;
  }
}

TEST_F(GgufFiles, WithATruthValueOrATypeThatDoesNotExistAreRefused) {
  GgufParts parts = parts_;
  parts.add_key("flag", 7, "\2");
  EXPECT_THAT(message_of(parts.bytes()), HasSubstr("the truth value 2"));
  parts_.add_key("value", 13, "\2");
  EXPECT_THAT(message(), HasSubstr("the type of value 13"));
}

}  // namespace
}  // namespace sketchscope::field
