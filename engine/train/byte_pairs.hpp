#pragma once

#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace sketchscope {

/// A byte-level byte-pair vocabulary in GPT-2's order: 256 bytes, merges, `<|endoftext|>`.
struct BytePairVocabulary {
  std::vector<std::string> tokens;                          ///< raw bytes of every id
  std::vector<std::pair<std::string, std::string>> merges;  ///< best first

  [[nodiscard]] int end_of_text() const { return static_cast<int>(tokens.size()) - 1; }
};

/// The words of ASCII text as GPT-2's pre-token pattern cuts them; joined they are the text.
/// Throws Error on a byte above 127.
std::vector<std::string_view> split_words(std::string_view text);

/// Learns merges from the most frequent neighbours (ties: the smaller pair) until there are
/// `entries` ids or no pair occurs twice.
BytePairVocabulary train_byte_pairs(std::string_view text, std::size_t entries);

/// Encodes ASCII text, a word at a time, remembering words it has met.
class BytePairEncoder {
 public:
  explicit BytePairEncoder(const BytePairVocabulary& vocabulary);

  const std::vector<int>& encode_word(std::string_view word);
  std::vector<int> encode(std::string_view text);

 private:
  std::unordered_map<std::string, int> ids_;
  std::map<std::pair<std::string, std::string>, std::size_t> ranks_;
  std::unordered_map<std::string, std::vector<int>> known_words_;
};

}  // namespace sketchscope
