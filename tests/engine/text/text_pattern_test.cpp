#include "engine/text/text_pattern.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/text/tokenizer_parts.hpp"
#include "engine/text/unicode_stand_ins.hpp"
#include "engine/text/utf8.hpp"

namespace sketchscope::text {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<std::string> matches(const std::string& pattern, std::string_view text) {
  std::vector<std::string> found;
  TextPattern(pattern, "a test").for_each_match(text, [&](std::size_t begin, std::size_t end) {
    found.emplace_back(text.substr(begin, end - begin));
  });
  return found;
}

TEST(TextPattern, FindsMatchesInOrderAndEmptyOnesBetweenCharacters) {
  EXPECT_THAT(matches("[0-9]+", "a12b3"), ElementsAre("12", "3"));
  EXPECT_THAT(matches("x*", "ax\xC3\xA9"), ElementsAre("", "x", ""));
}

TEST(TextPattern, KnowsTheCharactersOfUnicode16WhateverTheMachinesLibrary) {
  const std::string garay_letter = utf8_text(0x10D50);  // Unicode 16
  const std::string garay_digit = utf8_text(0x10D40);
  const std::string extension_h = utf8_text(0x31350);  // Unicode 15
  EXPECT_THAT(matches(R"(\p{L}+)", "a" + garay_letter + extension_h + garay_digit),
              ElementsAre("a" + garay_letter + extension_h));
  EXPECT_THAT(matches(R"(\d)", garay_digit + "x"), ElementsAre(garay_digit));
  EXPECT_THAT(matches(R"(\p{Han})", "a" + extension_h), ElementsAre(extension_h));
  EXPECT_TRUE(matches(R"(\s)", utf8_text(0x180E)).empty());
}

TEST(TextPattern, NamesItsOriginWhereItDoesNotCompile) {
  try {
    (void)matches("(a", "a");
    ADD_FAILURE();
  } catch (const UnsupportedTokenizer& error) {
    EXPECT_THAT(error.what(), HasSubstr("a test"));
    EXPECT_THAT(error.what(), HasSubstr("(a"));
  }
}

TEST(UnicodeStandIns, HaveTheLengthOfWhatTheyStandFor) {
  char32_t before = 0;
  for (const auto& [first, last, stand_in] : stand_in_ranges()) {
    EXPECT_LT(before, first);
    EXPECT_LE(first, last);
    EXPECT_EQ(utf8_text(first).size(), utf8_text(stand_in).size());
    EXPECT_EQ(utf8_text(last).size(), utf8_text(stand_in).size());
    before = last;
  }
  EXPECT_FALSE(with_stand_ins("plain \xE6\x97\xA5"));
}

TEST(Utf8, KnowsWhatIsUnfinishedAndReplacesWhatIsInvalid) {
  EXPECT_EQ(utf8_unfinished_length("a\xE2\x82"), 2U);
  EXPECT_EQ(utf8_unfinished_length("a\xF0\x9F\x99"), 3U);
  EXPECT_EQ(utf8_unfinished_length("\xE2\x82\xAC"), 0U);
  EXPECT_EQ(utf8_unfinished_length("\xE0\x80"), 0U) << "no character begins so";
  EXPECT_EQ(utf8_replacing_invalid("a\xE2\x82z\xFF"), "a\xEF\xBF\xBDz\xEF\xBF\xBD");
  for (const char32_t point : {0x41, 0xE9, 0x20AC, 0x1F642}) {
    EXPECT_EQ(utf8_code_point(utf8_text(point)), point);
    EXPECT_EQ(utf8_character_length(utf8_text(point)), utf8_text(point).size());
  }
}

}  // namespace
}  // namespace sketchscope::text
