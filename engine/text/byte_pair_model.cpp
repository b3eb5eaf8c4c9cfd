#include "engine/text/byte_pair_model.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

#include "engine/core/error.hpp"
#include "engine/text/byte_alphabet.hpp"
#include "engine/text/utf8.hpp"

namespace sketchscope::text {
namespace {

constexpr int kNoEntry = -1;

/// Returns the entry that stands for one byte of a character without an entry.
std::string fallback_entry(int byte) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  const auto digit = [&](int value) { return kDigits[static_cast<std::size_t>(value)]; };
  return {'<', '0', 'x', digit(byte / 16), digit(byte % 16), '>'};
}

int id_of_half(const Vocabulary& vocabulary, const std::string& entry, const std::string& source) {
  if (const auto id = vocabulary.find(entry)) return *id;
  throw core::Error({.what = "the merges of " + source + " do not fit the vocabulary",
                     .found = "'" + entry + "'",
                     .expected = "an entry of the vocabulary",
                     .remedy = "fetch the tokenizer files of one model"});
}

[[noreturn]] void refuse_symbol(const std::string& found) {
  throw core::Error({.what = "the text cannot be written with this vocabulary",
                     .found = found,
                     .expected = "characters or bytes that the vocabulary has an entry for",
                     .remedy = "use a complete vocabulary, or give token ids"});
}

}  // namespace

BytePairModel::BytePairModel(const Vocabulary& vocabulary, const std::vector<EntryMerge>& merges,
                             BytePairOptions options, const std::string& source)
    : options_(std::move(options)) {
  for (int byte = 0; byte < 256; ++byte) {
    const std::string entry = options_.byte_level
                                  ? printable_from_bytes(std::string(1, static_cast<char>(byte)))
                                  : fallback_entry(byte);
    byte_ids_[static_cast<std::size_t>(byte)] = vocabulary.find(entry).value_or(kNoEntry);
  }
  const std::size_t prefix = options_.continuing_prefix.size();
  for (const auto& [left, right] : merges) {
    const std::string whole = left + right.substr(std::min(prefix, right.size()));
    merges_.add(id_of_half(vocabulary, left, source), id_of_half(vocabulary, right, source),
                id_of_half(vocabulary, whole, source));
  }
}

void BytePairModel::append_word(const Vocabulary& vocabulary, std::string_view word,
                                std::vector<int>& ids) const {
  if (options_.ignore_merges) {
    const auto whole =
        vocabulary.find(options_.byte_level ? printable_from_bytes(word) : std::string(word));
    if (whole) return ids.push_back(*whole);
  }
  std::vector<int> symbols;
  symbols.reserve(word.size());
  if (options_.byte_level) {
    append_bytes(word, symbols);
  } else {
    append_characters(vocabulary, word, symbols);
  }
  merges_.apply(symbols);
  ids.insert(ids.end(), symbols.begin(), symbols.end());
}

void BytePairModel::append_bytes(std::string_view word, std::vector<int>& ids) const {
  bool in_unknown = false;
  for (const char character : word) {
    const auto byte = static_cast<std::uint8_t>(character);
    const bool known = byte_ids_[byte] != kNoEntry;
    if (known) {
      ids.push_back(byte_ids_[byte]);
    } else if (!options_.unknown) {
      refuse_symbol("byte " + std::to_string(byte));
    } else if (!in_unknown || !options_.fuse_unknown) {
      ids.push_back(*options_.unknown);
    }
    in_unknown = !known;
  }
}

void BytePairModel::append_characters(const Vocabulary& vocabulary, std::string_view word,
                                      std::vector<int>& ids) const {
  // The unknown entry is held back until a character with an entry follows, and bytes that stand
  // for a character do not let it go: tokenizers puts it behind them.
  bool held = false;
  const auto let_go = [&] {
    if (std::exchange(held, false)) ids.push_back(*options_.unknown);
  };
  for (std::size_t begin = 0; begin < word.size();) {
    const std::size_t length = std::max<std::size_t>(utf8_character_length(word.substr(begin)), 1);
    std::string entry = begin > 0 ? options_.continuing_prefix : std::string();
    entry += word.substr(begin, length);
    begin += length;
    if (begin == word.size()) entry += options_.word_suffix;
    if (const auto id = vocabulary.find(entry)) {
      let_go();
      ids.push_back(*id);
    } else if (options_.byte_fallback && append_fallback(entry, ids)) {
      continue;
    } else if (!options_.unknown) {
      refuse_symbol("'" + utf8_replacing_invalid(entry) + "'");
    } else {
      if (!options_.fuse_unknown) let_go();
      held = true;
    }
  }
  let_go();
}

bool BytePairModel::append_fallback(std::string_view entry, std::vector<int>& ids) const {
  const auto id_of = [this](char byte) { return byte_ids_[static_cast<std::uint8_t>(byte)]; };
  if (std::ranges::any_of(entry, [&](char byte) { return id_of(byte) == kNoEntry; })) return false;
  for (const char byte : entry) ids.push_back(id_of(byte));
  return true;
}

}  // namespace sketchscope::text
