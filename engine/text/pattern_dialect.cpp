#include "engine/text/pattern_dialect.hpp"

#include "engine/core/error.hpp"

namespace sketchscope::text {
namespace {

/// Letters, marks, numbers, connectors, and the alphabetic characters that are none of them.
constexpr std::string_view kLettersMarksNumbers =
    R"(\p{L}\p{M}\p{Nd}\p{Nl}\p{Pc}\x{24B6}-\x{24E9}\x{1F130}-\x{1F149})"
    R"(\x{1F150}-\x{1F169}\x{1F170}-\x{1F189})";

/// Returns the members of Oniguruma's \w: it has Latin-1's superscripts and fractions and no join
/// controls.
std::string oniguruma_word_characters() {
  return std::string(kLettersMarksNumbers) + R"(\x{B2}\x{B3}\x{B9}\x{BC}-\x{BE})";
}

/// Rewrites one escape, a backslash and `letter`; `in_class` says whether it stands in brackets.
std::string rewritten_escape(char letter, bool in_class, const std::string& origin) {
  const std::string word = oniguruma_word_characters();
  const auto refuse_in_class = [&] {
    if (!in_class) return;
    throw core::Error({.what = "the pattern of " + origin + " is not supported",
                       .found = std::string("\\") + letter + " in brackets",
                       .expected = "a class without it",
                       .remedy = "give token ids with --tokens"});
  };
  switch (letter) {
    case 'w':
      return in_class ? word : "[" + word + "]";
    case 'h':
      return in_class ? "0-9a-fA-F" : "[0-9a-fA-F]";
    case 'W':
      refuse_in_class();
      return "[^" + word + "]";
    case 'H':
      refuse_in_class();
      return "[^0-9a-fA-F]";
    case 'b':
      if (in_class) return "\\b";
      return "(?:(?<=[" + word + "])(?![" + word + "])|(?<![" + word + "])(?=[" + word + "]))";
    case 'B':
      return "(?:(?<=[" + word + "])(?=[" + word + "])|(?<![" + word + "])(?![" + word + "]))";
    default:
      return {'\\', letter};
  }
}

}  // namespace

std::string word_characters() {
  return std::string(kLettersMarksNumbers) + R"(\x{200C}\x{200D})";  // the join controls
}

std::string pcre2_from_oniguruma(std::string_view pattern, const std::string& origin) {
  std::string rewritten;
  int depth = 0;  // of brackets; Oniguruma nests classes, PCRE2 does not
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char letter = pattern[i];
    if (letter == '\\' && i + 1 < pattern.size()) {
      rewritten += rewritten_escape(pattern[++i], depth > 0, origin);
      continue;
    }
    const bool posix = letter == '[' && depth > 0 && pattern.substr(i).starts_with("[:");
    const bool intersection = depth > 0 && pattern.substr(i).starts_with("&&");
    if ((letter == '[' && depth > 0 && !posix) || intersection) {
      throw core::Error(
          {.what = "the pattern of " + origin + " is not supported",
           .found = "a class inside a class: '" + std::string(pattern.substr(0, 200)) + "'",
           .expected = "plain classes",
           .remedy = "give token ids with --tokens"});
    }
    if (posix) {
      const std::size_t end = pattern.find(":]", i);
      const std::size_t length = end == std::string_view::npos ? 1 : end + 2 - i;
      rewritten += pattern.substr(i, length);
      i += length - 1;
      continue;
    }
    if (letter == '[') ++depth;
    if (letter == ']' && depth > 0) --depth;
    rewritten += letter;
    if (letter == '[' && i + 1 < pattern.size()) {  // a bracket that comes first is a member
      const bool negated = pattern[i + 1] == '^';
      if (negated) rewritten += pattern[++i];
      if (i + 1 < pattern.size() && pattern[i + 1] == ']')
        rewritten += "\\" + std::string(1, pattern[++i]);
    }
  }
  return rewritten;
}

std::string literal_pattern(std::string_view text) {
  std::string pattern;
  for (const char letter : text) {
    const bool special =
        std::string_view("\\^$.[]|()?*+{}#-").find(letter) != std::string_view::npos;
    if (special) pattern += '\\';
    pattern += letter;
  }
  return pattern;
}

}  // namespace sketchscope::text
