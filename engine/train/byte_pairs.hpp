#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/text/byte_pair_merges.hpp"

namespace sketchscope::train {

/// A byte-level byte-pair vocabulary in GPT-2's order: 256 bytes, merges, `<|endoftext|>`.
struct BytePairVocabulary {
  std::vector<std::string> tokens;                          ///< raw bytes by id
  std::vector<std::pair<std::string, std::string>> merges;  ///< highest priority first

  [[nodiscard]] int end_of_text() const { return static_cast<int>(tokens.size()) - 1; }
};

/// Splits a text into GPT-2's pre-tokens, whose concatenation is the text.
std::vector<std::string_view> split_words(std::string_view text);

/// Learns merges from the most frequent neighbours (ties: the smaller pair) until there are
/// `entries` ids or no pair occurs twice.
BytePairVocabulary train_byte_pairs(std::string_view text, std::size_t entries);

/// Encodes text word by word, with a cache of encoded words.
class BytePairEncoder {
 public:
  explicit BytePairEncoder(const BytePairVocabulary& vocabulary);

  const std::vector<int>& encode_word(std::string_view word);

 private:
  std::unordered_map<std::string, int> ids_;
  text::BytePairMerges merges_;
  std::unordered_map<std::string, std::vector<int>> known_words_;
};

}  // namespace sketchscope::train
