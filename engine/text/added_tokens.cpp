#include "engine/text/added_tokens.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "engine/text/pattern_dialect.hpp"
#include "engine/text/utf8.hpp"

namespace sketchscope::text {
namespace {

bool occurs_in(const TextPattern& pattern, std::string_view character) {
  bool found = false;
  pattern.for_each_match(character, [&](std::size_t, std::size_t) { found = true; });
  return found;
}

/// Returns the last character of a text; empty if the text does not end in valid UTF-8.
std::string_view last_character(std::string_view text) {
  for (std::size_t length = 1; length <= std::min<std::size_t>(4, text.size()); ++length) {
    const std::string_view end = text.substr(text.size() - length);
    if (utf8_character_length(end) == length) return end;
  }
  return {};
}

std::string_view first_character(std::string_view text) {
  return text.substr(0, utf8_character_length(text));
}

}  // namespace

AddedTokenFinder::AddedTokenFinder(std::vector<AddedToken> tokens)
    : tokens_(std::move(tokens)),
      word_("[" + word_characters() + "]", "a single word"),
      white_(R"(\s)", "white space") {
  for (std::size_t i = 0; i < tokens_.size(); ++i) {
    if (tokens_[i].text.empty()) continue;
    by_first_byte_[static_cast<std::uint8_t>(tokens_[i].text.front())].push_back(i);
  }
  for (auto& candidates : by_first_byte_) {
    std::ranges::stable_sort(candidates, std::ranges::greater{},
                             [this](std::size_t i) { return tokens_[i].text.size(); });
  }
}

const AddedToken* AddedTokenFinder::token_at_start(std::string_view text) const {
  for (const std::size_t i : by_first_byte_[static_cast<std::uint8_t>(text.front())]) {
    if (text.starts_with(tokens_[i].text)) return &tokens_[i];
  }
  return nullptr;
}

bool AddedTokenFinder::touches_word(std::string_view text, std::size_t begin,
                                    std::size_t end) const {
  return occurs_in(word_, last_character(text.substr(0, begin))) ||
         occurs_in(word_, first_character(text.substr(end)));
}

void AddedTokenFinder::split(
    std::string_view text, const std::function<void(const AddedToken&)>& on_token,
    const std::function<void(std::string_view, std::size_t)>& on_text) const {
  std::size_t handed_out = 0;  // The callbacks have received everything before this byte.
  for (std::size_t at_byte = 0; at_byte < text.size();) {
    const AddedToken* token = token_at_start(text.substr(at_byte));
    if (token == nullptr) {
      ++at_byte;
      continue;
    }
    std::size_t begin = at_byte;
    std::size_t end = begin + token->text.size();
    at_byte = end;
    // Hugging Face tries no shorter token at this place either, and the ids have to be the same.
    if (token->single_word && touches_word(text, begin, end)) continue;
    while (token->lstrip && begin > handed_out) {
      const auto character = last_character(text.substr(handed_out, begin - handed_out));
      if (character.empty() || !occurs_in(white_, character)) break;
      begin -= character.size();
    }
    while (token->rstrip && end < text.size()) {
      const auto character = first_character(text.substr(end));
      if (character.empty() || !occurs_in(white_, character)) break;
      end += character.size();
    }
    if (begin > handed_out) on_text(text.substr(handed_out, begin - handed_out), handed_out);
    on_token(*token);
    handed_out = end;
  }
  if (handed_out < text.size()) on_text(text.substr(handed_out), handed_out);
}

}  // namespace sketchscope::text
