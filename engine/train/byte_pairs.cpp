#include "engine/train/byte_pairs.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <limits>

#include "engine/core/error.hpp"

namespace sketchscope {
namespace {

using Pair = std::pair<std::string, std::string>;
using Symbols = std::vector<std::string>;

enum class Kind { kSpace, kLetter, kDigit, kOther };

Kind kind_of(char letter) {
  const auto code = static_cast<unsigned char>(letter);
  if (code > 127) {
    throw Error({.what = "text for byte-pair training",
                 .found = "byte " + std::to_string(code),
                 .expected = "ASCII, as the tales are"});
  }
  if (std::isspace(code)) return Kind::kSpace;
  if (std::isalpha(code)) return Kind::kLetter;
  return std::isdigit(code) ? Kind::kDigit : Kind::kOther;
}

std::size_t run_length(std::string_view text, Kind kind) {
  const auto differs = [kind](char letter) { return kind_of(letter) != kind; };
  return static_cast<std::size_t>(std::ranges::find_if(text, differs) - text.begin());
}

/// Length of the first word of `text`: 's|'t|…| ?letters| ?digits| ?others|\s+(?!\S)|\s+.
std::size_t word_length(std::string_view text) {
  constexpr std::array<std::string_view, 7> kEndings = {"'s", "'t",  "'re", "'ve",
                                                        "'m", "'ll", "'d"};
  for (const auto ending : kEndings) {
    if (text.starts_with(ending)) return ending.size();
  }
  const auto first = kind_of(text.front());
  if (first != Kind::kSpace) return run_length(text, first);
  const auto spaces = run_length(text, Kind::kSpace);
  if (spaces == text.size()) return spaces;
  if (spaces > 1) return spaces - 1;
  return text.front() == ' ' ? 1 + run_length(text.substr(1), kind_of(text[1])) : 1;
}

void merge(Symbols& symbols, const Pair& pair) {
  Symbols merged;
  for (std::size_t at = 0; at < symbols.size(); ++at) {
    if (at + 1 < symbols.size() && symbols[at] == pair.first && symbols[at + 1] == pair.second) {
      merged.push_back(pair.first + pair.second);
      ++at;
    } else {
      merged.push_back(std::move(symbols[at]));
    }
  }
  symbols = std::move(merged);
}

Symbols bytes_of(std::string_view word) {
  Symbols symbols;
  for (const char letter : word) symbols.emplace_back(1, letter);
  return symbols;
}

struct CountedWord {
  Symbols symbols;
  std::size_t count;
};

Pair most_frequent_pair(const std::vector<CountedWord>& words, std::size_t& count) {
  std::map<Pair, std::size_t> counts;
  for (const auto& word : words) {
    for (std::size_t at = 0; at + 1 < word.symbols.size(); ++at) {
      counts[{word.symbols[at], word.symbols[at + 1]}] += word.count;
    }
  }
  count = 0;
  Pair best;
  for (const auto& [pair, times] : counts) {
    if (times > count) {
      count = times;
      best = pair;
    }
  }
  return best;
}

/// The order in which GPT-2 lists the 256 bytes: the printable ones first.
std::vector<std::string> byte_tokens() {
  const auto printable = [](int byte) {
    return (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
  };
  std::vector<std::string> tokens;
  for (const bool wanted : {true, false}) {
    for (int byte = 0; byte < 256; ++byte) {
      if (printable(byte) == wanted) tokens.emplace_back(1, static_cast<char>(byte));
    }
  }
  return tokens;
}

}  // namespace

std::vector<std::string_view> split_words(std::string_view text) {
  std::vector<std::string_view> words;
  while (!text.empty()) {
    const auto length = word_length(text);
    words.push_back(text.substr(0, length));
    text.remove_prefix(length);
  }
  return words;
}

BytePairVocabulary train_byte_pairs(std::string_view text, std::size_t entries) {
  std::map<std::string_view, std::size_t> counts;
  for (const auto word : split_words(text)) ++counts[word];
  std::vector<CountedWord> words;
  for (const auto& [word, count] : counts) words.push_back({bytes_of(word), count});

  BytePairVocabulary vocabulary{.tokens = byte_tokens(), .merges = {}};
  while (vocabulary.tokens.size() + 1 < entries) {
    std::size_t count = 0;
    const auto pair = most_frequent_pair(words, count);
    if (count < 2) break;
    for (auto& word : words) merge(word.symbols, pair);
    vocabulary.tokens.push_back(pair.first + pair.second);
    vocabulary.merges.push_back(pair);
  }
  vocabulary.tokens.emplace_back("<|endoftext|>");
  return vocabulary;
}

BytePairEncoder::BytePairEncoder(const BytePairVocabulary& vocabulary) {
  for (const auto& token : vocabulary.tokens) ids_.emplace(token, static_cast<int>(ids_.size()));
  for (const auto& pair : vocabulary.merges) ranks_.emplace(pair, ranks_.size());
}

const std::vector<int>& BytePairEncoder::encode_word(std::string_view word) {
  const auto [known, added] = known_words_.try_emplace(std::string(word));
  if (!added) return known->second;
  auto symbols = bytes_of(word);
  for (;;) {
    auto best = ranks_.end();
    for (std::size_t at = 0; at + 1 < symbols.size(); ++at) {
      const auto rank = ranks_.find({symbols[at], symbols[at + 1]});
      if (rank != ranks_.end() && (best == ranks_.end() || rank->second < best->second))
        best = rank;
    }
    if (best == ranks_.end()) break;
    merge(symbols, best->first);
  }
  for (const auto& symbol : symbols) known->second.push_back(ids_.at(symbol));
  return known->second;
}

std::vector<int> BytePairEncoder::encode(std::string_view text) {
  std::vector<int> ids;
  for (const auto word : split_words(text)) {
    const auto& word_ids = encode_word(word);
    ids.insert(ids.end(), word_ids.begin(), word_ids.end());
  }
  return ids;
}

}  // namespace sketchscope
