#include "gui/view/token_text.hpp"

#include <gtest/gtest.h>

namespace sketchscope::view {
namespace {

TEST(ShownText, KeepsWholeCharactersOfAnyScript) {
  EXPECT_EQ(shown_text(" brass key"), " brass key");
  EXPECT_EQ(shown_text("ключ 鍵 “é”"), "ключ 鍵 “é”");
  EXPECT_EQ(shown_text(""), "");
}

TEST(ShownText, ShowsANewlineAndEscapesOtherControls) {
  EXPECT_EQ(shown_text(".\n"), ".⏎");
  EXPECT_EQ(shown_text("a\tb\x7F"), "a\\x09b\\x7F");
  EXPECT_EQ(shown_text("\xC2\x85"), "\\x85") << "a control of Latin-1 takes two bytes";
}

TEST(ShownText, EscapesEachByteOfAPartialCharacter) {
  EXPECT_EQ(shown_text("\xE2\x80"), "\\xE2\\x80");
  EXPECT_EQ(shown_text("\x9C!"), "\\x9C!");
  EXPECT_EQ(shown_text("a\xE2"), "a\\xE2");
}

TEST(ShownText, RefusesOverlongFormsSurrogatesAndCodesBeyondUnicode) {
  EXPECT_EQ(shown_text("\xC0\xAF"), "\\xC0\\xAF");
  EXPECT_EQ(shown_text("\xE0\x80\xAF"), "\\xE0\\x80\\xAF");
  EXPECT_EQ(shown_text("\xED\xA0\x80"), "\\xED\\xA0\\x80");
  EXPECT_EQ(shown_text("\xF4\x90\x80\x80"), "\\xF4\\x90\\x80\\x80");
}

TEST(ShownText, NamesCharactersThatNoFontOfOursCanDraw) {
  EXPECT_EQ(shown_text("\xF0\x9F\x98\x80"), "\\u{1F600}");
}

TEST(TokenText, FallsBackOnTheIdWhereThereIsNoText) {
  EXPECT_EQ(TokenText().of(12), "#12");
  const TokenText text([](int id) { return id == 7 ? std::string_view(" was") : ""; });
  EXPECT_EQ(text.of(7), " was");
  EXPECT_EQ(text.quoted(7), "“ was”");
  EXPECT_EQ(text.dotted(7), "·was");
  EXPECT_EQ(text.of(8), "#8");
}

}  // namespace
}  // namespace sketchscope::view
