#include "engine/text/pattern_dialect.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "engine/text/text_pattern.hpp"
#include "engine/text/tokenizer_parts.hpp"

namespace sketchscope::text {
namespace {

using ::testing::ElementsAre;

std::string in_pcre2(const std::string& pattern) {
  return pcre2_from_oniguruma(pattern, "a test");
}

/// Returns what a pattern of Oniguruma matches, empty matches aside.
std::vector<std::string> matched(const std::string& pattern, std::string_view text) {
  std::vector<std::string> found;
  TextPattern(in_pcre2(pattern), "a test")
      .for_each_match(text, [&](std::size_t begin, std::size_t end) {
        if (end > begin) found.emplace_back(text.substr(begin, end - begin));
      });
  return found;
}

/// Returns the characters of a sample that a pattern matches, one after the other.
std::string members(const std::string& pattern) {
  constexpr std::string_view kSample =
      "aZ\u00e9\u4e2d\u3001\u3072\u30fc\u30ab\u309b\u00b7\u00b2\u00bd\u2167\u0663\u24d0$+!_ "
      "\u00a0\n\u0301\ue000";
  std::string all;
  for (const std::string& part : matched(pattern, kSample)) all += part;
  return all;
}

TEST(PatternDialect, LeavesWhatMeansTheSame) {
  for (const char* pattern : {R"([^\r\n\p{L}]?\p{L}+|\s+(?!\S))", R"(\p{N}{1,3}|[^\s\p{Lu}]+?)",
                              R"(a{,}b{x}|\x41\x{42}\103)", R"((?i:'s|'t)|(?<!\n)\p{P}++(?=a))"}) {
    EXPECT_EQ(in_pcre2(pattern), pattern);
  }
  EXPECT_EQ(in_pcre2(R"(\h[\h_])"), "[0-9a-fA-F][0-9a-fA-F_]");
  EXPECT_EQ(in_pcre2(R"([]a][^]b][[:space:]x])"), R"([\]a][^\]b][\sx])");
}

// The members and matches below were found with Hugging Face's tokenizers 0.22.1 (pre-tokenizer
// Split), which matches with Oniguruma.

TEST(PatternDialect, TakesAScriptForItsOwnCharacters) {
  EXPECT_EQ(members(R"(\p{Han})"), "\u4e2d");
  EXPECT_EQ(members(R"([\p{Hiragana}a])"), "a\u3072");
  EXPECT_EQ(members(R"(\p{Katakana})"), "\u30ab");
  EXPECT_EQ(members(R"(\p{Common})"), "\u3001\u30fc\u309b\u00b7\u00b2\u00bd\u24d0$+!_ \u00a0\n");
  const std::string others =
      "aZ\u00e9\u3001\u3072\u30fc\u30ab\u309b\u00b7\u00b2\u00bd\u2167\u0663\u24d0$+!_ "
      "\u00a0\n\u0301\ue000";
  for (const char* pattern : {R"(\P{Han})", R"(\p{^Han})", R"([\P{Han}])", R"([^\p{Hani}])"}) {
    EXPECT_EQ(members(pattern), others) << pattern;
  }
  EXPECT_EQ(members(R"(\P{^Han})"), "\u4e2d");
}

TEST(PatternDialect, CountsSuperscriptsAsWordCharactersOnlyOutsideBrackets) {
  const std::string bare = "aZ\u00e9\u4e2d\u3072\u30fc\u30ab\u00b2\u00bd\u2167\u0663\u24d0_\u0301";
  const std::string in_brackets = "aZ\u00e9\u4e2d\u3072\u30fc\u30ab\u2167\u0663\u24d0_\u0301";
  EXPECT_EQ(members(R"(\w)"), bare);
  EXPECT_EQ(members(R"(\p{Word})"), bare);
  EXPECT_EQ(members(R"(\W)"), "\u3001\u309b\u00b7$+! \u00a0\n\ue000");
  EXPECT_EQ(members(R"([\w])"), in_brackets);
  EXPECT_EQ(members(R"([\p{Word}])"), in_brackets);
  EXPECT_EQ(members(R"([[:word:]])"), in_brackets);
  EXPECT_EQ(members(R"([^\w\s])"), "\u3001\u309b\u00b7\u00b2\u00bd$+!\ue000");
  EXPECT_THAT(matched(R"(\w+)", "e\u0301t\u00e9-x"), ElementsAre("e\u0301t\u00e9", "x"));
}

TEST(PatternDialect, KnowsTheLongNamesOfProperties) {
  EXPECT_EQ(members(R"(\p{Letter})"), "aZ\u00e9\u4e2d\u3072\u30fc\u30ab");
  EXPECT_EQ(members(R"(\p{Lowercase_Letter})"), "a\u00e9");
  EXPECT_EQ(members(R"(\p{decimal number})"), "\u0663");
  EXPECT_EQ(members(R"(\p{Punct})"), "\u3001\u00b7!_");
  EXPECT_EQ(members(R"([^\p{Letter}\p{Number}])"),
            "\u3001\u309b\u00b7\u24d0$+!_ \u00a0\n\u0301\ue000");
  EXPECT_EQ(members(R"(\P{Alnum})"), "\u3001\u309b\u00b7\u00b2\u00bd$+!_ \u00a0\n\u0301\ue000");
}

TEST(PatternDialect, TakesPosixClassesInUnicode) {
  EXPECT_EQ(members(R"([[:punct:]])"), "\u3001\u309b\u00b7\u24d0$+!_");
  EXPECT_EQ(members(R"([[:alnum:]])"), "aZ\u00e9\u4e2d\u3072\u30fc\u30ab\u2167\u0663\u24d0");
  EXPECT_EQ(members(R"([[:alpha:]])"), "aZ\u00e9\u4e2d\u3072\u30fc\u30ab\u2167\u24d0");
  EXPECT_EQ(members(R"([[:lower:]])"), "a\u00e9\u24d0");
  EXPECT_EQ(members(R"([[:upper:]])"), "Z\u2167");
  EXPECT_EQ(members(R"([[:^alpha:]])"),
            "\u3001\u309b\u00b7\u00b2\u00bd\u0663$+!_ \u00a0\n\u0301\ue000");
  EXPECT_EQ(members(R"([[:graph:]])"),
            "aZ\u00e9\u4e2d\u3001\u3072\u30fc\u30ab\u309b\u00b7\u00b2\u00bd\u2167\u0663\u24d0$+!_"
            "\u0301\ue000");
}

TEST(PatternDialect, TakesEscapesAsOnigurumaDoes) {
  EXPECT_EQ(members(R"([\u4e00-\u9fff])"), "\u4e2d");
  EXPECT_EQ(members(R"(\v)"), "") << "one character, not all vertical blanks";
  EXPECT_THAT(matched(R"(\pL|\Qa)", "apLb Qa"), ElementsAre("pL", "Qa"));
}

TEST(PatternDialect, TakesQuantifiersAndOptionsAsOnigurumaDoes) {
  constexpr std::string_view kText = "aaa1212123a\nb";
  EXPECT_THAT(matched(R"(\p{N}{1,3}+)", kText), ElementsAre("1212123"));
  EXPECT_THAT(matched(R"(\p{N}{2}?)", kText), ElementsAre("12", "12", "12"));
  EXPECT_THAT(matched(R"((?:12){1}+3)", kText), ElementsAre("1212123"));
  EXPECT_THAT(matched(R"(a{,2})", kText), ElementsAre("aa", "a", "a"));
  EXPECT_THAT(matched(R"(\x{31}{1,2}+)", kText), ElementsAre("1", "1", "1"));
  EXPECT_THAT(matched("(?m)a.b", kText), ElementsAre("a\nb"));
}

TEST(PatternDialect, RefusesWhatHasNoCounterpartAsATokenizerThatCannotBeUsed) {
  for (const char* pattern : {"[a[b]]", "[a-z&&[^aeiou]]", R"([\W])", R"([\p{^Word}])",
                              "[[:^punct:]]", R"(\u12)", R"(\x)", R"(\p{InBasicLatin})", "(?~a)"}) {
    EXPECT_THROW((void)matched(pattern, "a"), UnsupportedTokenizer) << pattern;
  }
}

TEST(PatternDialect, WritesTextsThatMatchThemselves) {
  const std::string text = R"(a.b*[c]\d|{2}^$#-)";
  std::vector<std::string> found;
  TextPattern(literal_pattern(text), "a test")
      .for_each_match("x" + text + "y", [&](std::size_t begin, std::size_t end) {
        found.push_back(("x" + text + "y").substr(begin, end - begin));
      });
  EXPECT_THAT(found, ElementsAre(text));
}

}  // namespace
}  // namespace sketchscope::text
