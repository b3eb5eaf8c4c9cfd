#include "engine/text/pre_tokenizer.hpp"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <string>

namespace sketchscope {
namespace {

/// Returns GPT-2's pattern, with possessive repeats where backtracking could not lead to a match.
std::string pattern_text() {
  // The class is Unicode's White_Space; PCRE2's \s would add U+180E.
  const std::string white =
      R"(\x{9}-\x{D} \x{85}\x{A0}\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000})";
  return "'(?:s|t|re|ve|m|ll|d)"
         R"(| ?\p{L}++| ?\p{N}++)"
         "| ?[^" +
         white +
         R"(\p{L}\p{N}]++)"
         "|[" +
         white + "]+(?![^" + white +
         "])"
         "|[" +
         white + "]++";
}

struct FreeCode {
  void operator()(pcre2_code* code) const { pcre2_code_free(code); }
};
struct FreeMatch {
  void operator()(pcre2_match_data* match) const { pcre2_match_data_free(match); }
};

/// Returns the length of the longest prefix of `text` that is UTF-8, or that holds none, as `valid`
/// says.
std::size_t run_length(std::string_view text, bool valid) {
  std::size_t length = 0;
  while (length < text.size()) {
    const std::size_t character = utf8_character_length(text.substr(length));
    if ((character > 0) != valid) {
      break;
    }
    length += std::max<std::size_t>(character, 1);
  }
  return length;
}

}  // namespace

struct PreTokenizer::Pattern {
  Pattern() {
    const std::string text = pattern_text();
    int error = 0;
    PCRE2_SIZE offset = 0;
    code.reset(pcre2_compile(reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(),
                             PCRE2_UTF | PCRE2_ANCHORED, &error, &offset, nullptr));
    if (!code) {
      throw std::logic_error("GPT-2's pattern does not compile at " + std::to_string(offset));
    }
    // Without a just-in-time compiler (a system that forbids it) PCRE2 interprets the pattern.
    pcre2_jit_compile(code.get(), PCRE2_JIT_COMPLETE);
  }

  /// Splits `text`, which must be UTF-8.
  void split(std::string_view text, const std::function<void(std::string_view)>& use) const {
    const std::unique_ptr<pcre2_match_data, FreeMatch> match(
        pcre2_match_data_create_from_pattern(code.get(), nullptr));
    const auto* const subject = reinterpret_cast<PCRE2_SPTR>(text.data());
    for (std::size_t begin = 0; begin < text.size();) {
      const int found = pcre2_match(code.get(), subject, text.size(), begin, PCRE2_NO_UTF_CHECK,
                                    match.get(), nullptr);
      const std::size_t end = found > 0 ? pcre2_get_ovector_pointer(match.get())[1] : begin;
      if (end <= begin) {
        throw std::logic_error("GPT-2's pattern matches every character, but not at " +
                               std::to_string(begin));
      }
      use(text.substr(begin, end - begin));
      begin = end;
    }
  }

  std::unique_ptr<pcre2_code, FreeCode> code;
};

PreTokenizer::PreTokenizer() : pattern_(std::make_unique<const Pattern>()) {}
PreTokenizer::PreTokenizer(PreTokenizer&&) noexcept = default;
PreTokenizer& PreTokenizer::operator=(PreTokenizer&&) noexcept = default;
PreTokenizer::~PreTokenizer() = default;

void PreTokenizer::split(std::string_view text,
                         const std::function<void(std::string_view)>& use) const {
  while (!text.empty()) {
    const bool valid = utf8_character_length(text) > 0;
    const std::string_view run = text.substr(0, run_length(text, valid));
    if (valid) {
      pattern_->split(run, use);
    } else {
      use(run);
    }
    text.remove_prefix(run.size());
  }
}

std::size_t utf8_character_length(std::string_view text) {
  const auto byte = [text](std::size_t i) {
    return i < text.size() ? static_cast<std::uint8_t>(text[i]) : std::uint8_t{0};
  };
  const auto continues = [&byte](std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to; ++i) {
      if ((byte(i) & 0xC0) != 0x80) {
        return false;
      }
    }
    return true;
  };
  const std::uint8_t lead = byte(0);
  if (text.empty() || (lead >= 0x80 && lead < 0xC2) || lead > 0xF4) {
    return 0;
  }
  if (lead < 0x80) {
    return 1;
  }
  if (lead < 0xE0) {
    return continues(1, 2) ? 2 : 0;
  }
  if (lead < 0xF0) {
    const bool overlong = lead == 0xE0 && byte(1) < 0xA0;
    const bool surrogate = lead == 0xED && byte(1) > 0x9F;
    return continues(1, 3) && !overlong && !surrogate ? 3 : 0;
  }
  const bool overlong = lead == 0xF0 && byte(1) < 0x90;
  const bool beyond = lead == 0xF4 && byte(1) > 0x8F;
  return continues(1, 4) && !overlong && !beyond ? 4 : 0;
}

}  // namespace sketchscope
