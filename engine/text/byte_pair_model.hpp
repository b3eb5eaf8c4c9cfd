#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/text/byte_pair_merges.hpp"
#include "engine/text/vocabulary.hpp"

namespace sketchscope::text {

/// The options of a byte-pair model, named as in tokenizer.json.
struct BytePairOptions {
  bool byte_level = false;     ///< symbols are bytes, whose entries are their printable characters
  std::optional<int> unknown;  ///< the token of a symbol without an entry
  bool fuse_unknown = false;   ///< a run of such symbols becomes one `unknown`
  bool byte_fallback = false;  ///< a symbol without an entry becomes <0x00> … <0xFF>, one per byte
  bool ignore_merges = false;     ///< a whole word that is an entry is taken without merges
  std::string continuing_prefix;  ///< begins the entry of every symbol but a word's first
  std::string word_suffix;        ///< ends the entry of a word's last symbol
};

/// Two entries of a vocabulary that a merge joins to one.
struct EntryMerge {
  std::string left;
  std::string right;
};

/// Turns a word into ids by byte-pair encoding: the word is divided into symbols (characters or
/// bytes), which are then merged.
class BytePairModel {
 public:
  /// Throws Error naming `source` where a merge does not fit the vocabulary.
  BytePairModel(const Vocabulary& vocabulary, const std::vector<EntryMerge>& merges,
                BytePairOptions options, const std::string& source);

  /// Appends the ids of one word. Throws Error where a symbol has no entry and nothing stands for
  /// it.
  void append_word(const Vocabulary& vocabulary, std::string_view word,
                   std::vector<int>& ids) const;

 private:
  void append_bytes(std::string_view word, std::vector<int>& ids) const;
  void append_characters(const Vocabulary& vocabulary, std::string_view word,
                         std::vector<int>& ids) const;
  [[nodiscard]] bool append_fallback(std::string_view entry, std::vector<int>& ids) const;

  BytePairOptions options_;
  BytePairMerges merges_;
  std::array<int, 256> byte_ids_{};  ///< of bytes as symbols, or of their fallback entries
};

}  // namespace sketchscope::text
