#include "engine/corpus/sentence_templates.hpp"

#include <algorithm>
#include <cctype>
#include <vector>

#include "engine/core/error.hpp"

namespace sketchscope::corpus {
namespace {

std::string_view until(std::string_view text, char closing, SentenceTemplate pattern) {
  const auto end = text.find(closing);
  if (end == std::string_view::npos) {
    throw core::Error({.what = "sentence template",
                       .found = std::string(pattern),
                       .expected = std::string("a closing ") + closing});
  }
  return text.substr(0, end);
}

std::string_view alternative(std::string_view choices, core::SplitMix64& random) {
  std::vector<std::string_view> parts;
  for (std::size_t begin = 0; begin <= choices.size();) {
    const auto end = std::min(choices.find('|', begin), choices.size());
    parts.push_back(choices.substr(begin, end - begin));
    begin = end + 1;
  }
  return pick(parts, random);
}

std::string_view unused_word(std::string_view table, std::vector<std::string_view>& used,
                             core::SplitMix64& random) {
  const auto words = word_table(table);
  auto word = pick(words, random);
  while (std::ranges::find(used, word) != used.end()) word = pick(words, random);
  used.push_back(word);
  return word;
}

/// Appends a word and corrects the article before it, so that "a owl" becomes "an owl".
void append_with_article(std::string& text, std::string_view word) {
  constexpr std::string_view kVowels = "aeiou";
  const bool article =
      text == "A " || text == "a " || text.ends_with(" a ") || text.ends_with(" A ");
  const bool vowel = !word.empty() && kVowels.find(word.front()) != std::string_view::npos;
  if (article && (vowel || word == "honest")) text.insert(text.size() - 1, 1, 'n');
  text += word;
}

}  // namespace

FilledTemplate fill_template(SentenceTemplate pattern, const FieldValues& fields,
                             core::SplitMix64& random) {
  FilledTemplate filled;
  std::vector<std::string_view> used;
  for (std::size_t at = 0; at < pattern.size(); ++at) {
    if (pattern[at] == '[') {
      const auto choices = until(pattern.substr(at + 1), ']', pattern);
      filled.text += alternative(choices, random);
      at += choices.size() + 1;
    } else if (pattern[at] == '{') {
      const auto field = until(pattern.substr(at + 1), '}', pattern);
      const auto given = fields.find(field);
      append_with_article(filled.text, given != fields.end() ? std::string_view(given->second)
                                                             : unused_word(field, used, random));
      if (field == "value") {
        filled.value = {filled.text.size() - given->second.size(), filled.text.size()};
      }
      at += field.size() + 1;
    } else {
      filled.text += pattern[at];
    }
  }
  if (!filled.text.empty()) {
    filled.text.front() =
        static_cast<char>(std::toupper(static_cast<unsigned char>(filled.text.front())));
  }
  return filled;
}

}  // namespace sketchscope::corpus
