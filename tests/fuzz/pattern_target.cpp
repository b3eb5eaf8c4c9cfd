#include "engine/text/pattern_dialect.hpp"
#include "engine/text/text_pattern.hpp"
#include "engine/text/utf8.hpp"
#include "tests/fuzz/check.hpp"
#include "tests/fuzz/targets.hpp"

namespace sketchscope::fuzz {
namespace {

bool run_pattern(std::string_view input) {
  const std::size_t line = input.find('\n');
  const std::string pattern(input.substr(0, line));
  const auto compiled = accepted([&] {
    return text::TextPattern(text::pcre2_from_oniguruma(pattern, "the pattern"), "the pattern");
  });
  if (!compiled || line == std::string_view::npos) return false;
  const std::string text = text::utf8_replacing_invalid(input.substr(line + 1));
  std::size_t reached = 0;
  static_cast<void>(accepted([&] {
    compiled->for_each_match(text, [&](std::size_t begin, std::size_t end) {
      require(reached <= begin && begin <= end && end <= text.size(), "matches out of order");
      require(begin == text.size() ||
                  text::utf8_character_length(std::string_view(text).substr(begin)) > 0,
              "a match inside a character");
      reached = end;
    });
    return true;
  }));
  return true;
}

std::vector<std::string> pattern_seeds() {
  return {"'s|'t| ?\\p{L}+| ?\\p{N}+|\\s+(?!\\S)|\\s+\nthe mill's 12 doors ",
          "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}]*[\\p{Ll}]+(?i:'s|'d)?\nTheMill's",
          "(?<!a)b\\h*\nab b bb", "x*\nxyx"};
}

}  // namespace

Target pattern_target() {
  return {"pattern", "a regular expression of a tokenizer's file, and a text", run_pattern,
          pattern_seeds};
}

}  // namespace sketchscope::fuzz
