#include "engine/corpus/shape_filler.hpp"

#include <algorithm>
#include <cctype>
#include <vector>

#include "engine/core/error.hpp"
#include "engine/corpus/word_tables.hpp"

namespace sketchscope {
namespace {

std::string_view until(std::string_view text, char closing, Shape shape) {
  const auto end = text.find(closing);
  if (end == std::string_view::npos) {
    throw Error({.what = "sentence shape",
                 .found = std::string(shape),
                 .expected = std::string("a closing ") + closing});
  }
  return text.substr(0, end);
}

std::string_view alternative(std::string_view choices, SplitMix64& random) {
  std::vector<std::string_view> parts;
  for (std::size_t begin = 0; begin <= choices.size();) {
    const auto end = std::min(choices.find('|', begin), choices.size());
    parts.push_back(choices.substr(begin, end - begin));
    begin = end + 1;
  }
  return pick(parts, random);
}

std::string_view unused_word(std::string_view table, std::vector<std::string_view>& used,
                             SplitMix64& random) {
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

FilledShape fill_shape(Shape shape, const SlotValues& slots, SplitMix64& random) {
  FilledShape filled;
  std::vector<std::string_view> used;
  for (std::size_t at = 0; at < shape.size(); ++at) {
    if (shape[at] == '[') {
      const auto choices = until(shape.substr(at + 1), ']', shape);
      filled.text += alternative(choices, random);
      at += choices.size() + 1;
    } else if (shape[at] == '{') {
      const auto slot = until(shape.substr(at + 1), '}', shape);
      const auto given = slots.find(slot);
      append_with_article(filled.text, given != slots.end() ? std::string_view(given->second)
                                                            : unused_word(slot, used, random));
      if (slot == "value") {
        filled.value = {filled.text.size() - given->second.size(), filled.text.size()};
      }
      at += slot.size() + 1;
    } else {
      filled.text += shape[at];
    }
  }
  if (!filled.text.empty()) {
    filled.text.front() =
        static_cast<char>(std::toupper(static_cast<unsigned char>(filled.text.front())));
  }
  return filled;
}

}  // namespace sketchscope
