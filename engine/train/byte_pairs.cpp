#include "engine/train/byte_pairs.hpp"

#include <map>

#include "engine/text/pre_tokenizer.hpp"

namespace sketchscope::train {
namespace {

using Pair = std::pair<std::string, std::string>;
using Symbols = std::vector<std::string>;

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

/// Returns the 256 bytes in GPT-2's order, which begins with the printable ones.
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
  const text::PreTokenizer pre_tokenizer;
  std::vector<std::string_view> words;
  pre_tokenizer.split(text, [&](std::string_view word) { words.push_back(word); });
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
  for (const auto& [left, right] : vocabulary.merges) {
    merges_.add(ids_.at(left), ids_.at(right), ids_.at(left + right));
  }
}

const std::vector<int>& BytePairEncoder::encode_word(std::string_view word) {
  const auto [known, added] = known_words_.try_emplace(std::string(word));
  if (added) {
    for (const auto& byte : bytes_of(word)) known->second.push_back(ids_.at(byte));
    merges_.apply(known->second);
  }
  return known->second;
}

}  // namespace sketchscope::train
