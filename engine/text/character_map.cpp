#include "engine/text/character_map.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <vector>

#include "engine/core/error.hpp"
#include "engine/text/utf8.hpp"

namespace sketchscope::text {
namespace {

/// A text that the map replaces.
struct Replacement {
  std::size_t length;  ///< bytes of the text that is replaced
  std::string_view text;
};

/// The trie and its replacements. A unit of the trie is a label (bits 0 to 7 and 31), whether a
/// value follows (bit 8), and an offset to its children (bits 9 to 30); a value has bit 31 set.
class CharacterMap {
 public:
  CharacterMap(const std::string& map, const std::string& source) {
    std::uint32_t trie_bytes = 0;
    const bool has_length = map.size() >= sizeof trie_bytes;
    if (has_length) std::memcpy(&trie_bytes, map.data(), sizeof trie_bytes);
    if (!has_length || trie_bytes % 4 != 0 || trie_bytes == 0 ||
        trie_bytes > map.size() - sizeof trie_bytes) {
      throw core::Error({.what = "precompiled_charsmap of " + source + " is damaged",
                         .found = std::to_string(map.size()) + " bytes with a trie of " +
                                  std::to_string(trie_bytes),
                         .expected = "a trie of whole units that lies within it",
                         .remedy = "fetch the file again"});
    }
    units_.resize(trie_bytes / 4);
    std::memcpy(units_.data(), map.data() + sizeof trie_bytes, trie_bytes);
    texts_ = map.substr(sizeof trie_bytes + trie_bytes);
  }

  /// Returns the longest replacement of what `text` begins with.
  [[nodiscard]] std::optional<Replacement> find(std::string_view text) const {
    std::optional<Replacement> longest;
    std::size_t node = children(unit(0));
    for (std::size_t i = 0; i < text.size(); ++i) {
      const auto byte = static_cast<std::uint8_t>(text[i]);
      node ^= byte;
      const std::uint32_t here = unit(node);
      if ((here & 0x800000FFU) != byte) break;
      node ^= children(here);
      if ((here >> 8 & 1U) != 0) longest = Replacement{i + 1, text_at(unit(node) & 0x7FFFFFFFU)};
    }
    return longest;
  }

 private:
  static std::size_t children(std::uint32_t unit) {
    return std::size_t{unit >> 10} << ((unit & 0x200U) >> 6);
  }
  [[nodiscard]] std::uint32_t unit(std::size_t index) const {
    return index < units_.size() ? units_[index] : 0x80000000U;  // a label that no byte has
  }
  [[nodiscard]] std::string_view text_at(std::size_t offset) const {
    if (offset >= texts_.size()) return {};
    const std::string_view rest = std::string_view(texts_).substr(offset);
    return rest.substr(0, rest.find('\0'));
  }

  std::vector<std::uint32_t> units_;
  std::string texts_;
};

}  // namespace

NormalizerStep character_map_step(const std::string& map, const std::string& source) {
  return [characters = std::make_shared<const CharacterMap>(map, source)](std::string_view text) {
    std::string mapped;
    while (!text.empty()) {
      const auto found = characters->find(text);
      const std::size_t length =
          found ? found->length : std::max<std::size_t>(utf8_character_length(text), 1);
      mapped += found ? found->text : text.substr(0, length);
      text.remove_prefix(length);
    }
    return mapped;
  };
}

}  // namespace sketchscope::text
