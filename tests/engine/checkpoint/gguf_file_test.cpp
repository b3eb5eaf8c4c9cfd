#include "engine/checkpoint/gguf_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/core/error.hpp"
#include "tests/support/gguf_bytes.hpp"
#include "tests/support/temporary_directory.hpp"

namespace sketchscope::checkpoint {
namespace {

using support::gguf_text;
using support::GgufParts;
using support::raw_bytes;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class GgufTables : public ::testing::Test {
 protected:
  GgufTables() {
    parts_.add_key("u8", 0, raw_bytes<std::uint8_t>(200));
    parts_.add_key("i8", 1, raw_bytes<std::int8_t>(-100));
    parts_.add_key("u16", 2, raw_bytes<std::uint16_t>(60000));
    parts_.add_key("i16", 3, raw_bytes<std::int16_t>(-30000));
    parts_.add_key("u32", 4, raw_bytes<std::uint32_t>(4000000000));
    parts_.add_key("i32", 5, raw_bytes<std::int32_t>(-2000000000));
    parts_.add_key("f32", 6, raw_bytes(0.25F));
    parts_.add_key("bool", 7, raw_bytes<std::uint8_t>(1));
    parts_.add_key("text", 8, gguf_text("llama"));
    parts_.add_key("u64", 10, raw_bytes<std::uint64_t>(1ULL << 63));
    parts_.add_key("i64", 11, raw_bytes<std::int64_t>(-(1LL << 60)));
    parts_.add_key("f64", 12, raw_bytes(1e-300));
    parts_.add_key("texts", 9, list(8, 2) + gguf_text("a") + gguf_text(""));
    parts_.add_key("bytes", 9, list(0, 3) + "\1\2\3");
    parts_.add_key("types", 9,
                   list(5, 2) + raw_bytes<std::int32_t>(-1) + raw_bytes<std::int32_t>(6));
    parts_.add_key("scores", 9, list(6, 2) + raw_bytes(-1.5F) + raw_bytes(0.5F));
    parts_.add_key("lists", 9, list(9, 2) + list(0, 1) + "\7" + list(8, 1) + gguf_text("in"));
    parts_.add_key("empty", 9, list(8, 0));
  }

  static std::string list(std::uint32_t type, std::uint64_t count) {
    return raw_bytes(type) + raw_bytes(count);
  }

  [[nodiscard]] GgufFile open() const {
    support::write_bytes(file(), parts_.bytes());
    return GgufFile::open(file());
  }

  template <typename Use>
  std::string message(const Use& use) const {
    try {
      use();
    } catch (const core::Error& error) {
      return error.what();
    }
    return {};
  }

  [[nodiscard]] std::filesystem::path file() const { return directory_.path() / "model.gguf"; }

  GgufParts parts_;

 private:
  support::TemporaryDirectory directory_;
};

TEST_F(GgufTables, HoldValuesOfAllTypes) {
  const GgufFile file = open();
  const GgufMetadata& values = file.metadata();
  EXPECT_EQ(values.values().size(), 18U);
  EXPECT_EQ(values.integer("u8"), 200);
  EXPECT_EQ(values.integer("i8"), -100);
  EXPECT_EQ(values.integer("u16"), 60000);
  EXPECT_EQ(values.integer("i16"), -30000);
  EXPECT_EQ(values.integer("u32"), 4000000000);
  EXPECT_EQ(values.integer("i32"), -2000000000);
  EXPECT_EQ(values.integer("i64"), -(1LL << 60));
  EXPECT_EQ(values.number("f32"), 0.25);
  EXPECT_EQ(values.number("f64"), 1e-300);
  EXPECT_EQ(values.number("u8"), 200.0);
  EXPECT_EQ(values.number("u64"), 0x1p63);
  EXPECT_TRUE(values.boolean("bool"));
  EXPECT_EQ(values.text("text"), "llama");
  EXPECT_THAT(values.texts("texts"), ElementsAre("a", ""));
  EXPECT_THAT(values.texts("empty"), ElementsAre());
  EXPECT_THAT(values.integers("bytes"), ElementsAre(1, 2, 3));
  EXPECT_THAT(values.integers("types"), ElementsAre(-1, 6));
  EXPECT_THAT(values.numbers("scores"), ElementsAre(-1.5, 0.5));
  const auto& lists = std::get<GgufArray>(values.values().at("lists"));
  ASSERT_EQ(lists.arrays.size(), 2U);
  EXPECT_THAT(lists.arrays[1].texts, ElementsAre("in"));
}

TEST_F(GgufTables, SayWhichKeyHoldsWhatInPlaceOfWhat) {
  const GgufFile file = open();
  const GgufMetadata& values = file.metadata();
  EXPECT_THAT(message([&] { (void)values.integer("text"); }),
              AllOf(HasSubstr("key text"), HasSubstr(file.source()), HasSubstr("'llama'"),
                    HasSubstr("a whole number")));
  EXPECT_THAT(message([&] { (void)values.integer("u8", 1, 100); }),
              AllOf(HasSubstr("found 200"), HasSubstr("from 1 to 100")));
  EXPECT_THAT(message([&] { (void)values.integer("f32"); }), HasSubstr("a whole number"));
  EXPECT_THAT(message([&] { (void)values.integer("u64"); }),
              HasSubstr("found 9223372036854775808"));
  EXPECT_THAT(message([&] { (void)values.integer("missing"); }), HasSubstr("no such key"));
  EXPECT_THAT(message([&] { (void)values.number("bool"); }), HasSubstr("found true"));
  EXPECT_THAT(message([&] { (void)values.boolean("u8"); }), HasSubstr("true or false"));
  EXPECT_THAT(
      message([&] { (void)values.text("texts"); }),
      AllOf(HasSubstr("a list of 2 values of the type text"), HasSubstr("expected a text")));
  EXPECT_THAT(message([&] { (void)values.texts("types"); }), HasSubstr("a list of texts"));
  EXPECT_THAT(message([&] { (void)values.numbers("texts"); }), HasSubstr("a list of numbers"));
  EXPECT_THAT(message([&] { (void)values.integers("scores"); }), HasSubstr("whole numbers"));
}

TEST_F(GgufTables, NameTensorsWithTheirShapeTypeAndBytes) {
  parts_.tensors = {{"norm", {3}, 0, 32}, {"embedding", {32, 2}, 8, 64}, {"scalar", {}, 0, 0}};
  parts_.data = std::string(64 + 68, '\0');
  for (int i = 0; i < 3; ++i) {
    const std::string number = raw_bytes(static_cast<float>(i));
    parts_.data.replace(32 + static_cast<std::size_t>(4 * i), 4, number);
  }
  const GgufFile file = open();
  EXPECT_EQ(file.tensors().size(), 3U);
  const GgufTensor& norm = file.tensor("norm");
  EXPECT_THAT(norm.shape, ElementsAre(3));
  std::vector<float> numbers(norm.count());
  dequantize(norm.type, norm.bytes, numbers);
  EXPECT_THAT(numbers, ElementsAre(0.0F, 1.0F, 2.0F));
  const GgufTensor& embedding = file.tensor("embedding");
  EXPECT_THAT(embedding.shape, ElementsAre(2, 32));
  EXPECT_EQ(embedding.type, GgufType::q8_0);
  EXPECT_EQ(embedding.type_name, "Q8_0");
  EXPECT_EQ(embedding.bytes.size(), 68U);
  EXPECT_EQ(file.tensor("scalar").count(), 1U);
  EXPECT_THAT(message([&] { (void)file.tensor("other"); }), HasSubstr("lacks the tensor other"));
}

TEST_F(GgufTables, AlignTensorsAsTheirKeySays) {
  for (const std::size_t alignment : {1U, 64U, 4096U}) {
    parts_.keys.clear();
    parts_.add_key("general.alignment", 4, raw_bytes(static_cast<std::uint32_t>(alignment)));
    parts_.alignment = alignment;
    parts_.tensors = {{"one", {2}, 0, 0}, {"two", {1}, 0, std::max<std::size_t>(alignment, 8)}};
    parts_.data = raw_bytes(1.0F) + raw_bytes(2.0F);
    parts_.data.resize(parts_.tensors[1].offset);
    parts_.data += raw_bytes(3.0F);
    const GgufFile file = open();
    std::vector<float> number(1);
    dequantize(GgufType::f32, file.tensor("two").bytes, number);
    EXPECT_EQ(number[0], 3.0F) << alignment;
  }
}

}  // namespace
}  // namespace sketchscope::checkpoint
