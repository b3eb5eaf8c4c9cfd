#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace sketchscope::text {

/// The entries of a vocabulary as its files write them, by id and by text.
class Vocabulary {
 public:
  static constexpr int kLargestId = (1 << 24) - 1;  ///< of the largest vocabulary a model may have

  /// Returns the largest id that is believed of a vocabulary of `entries`: ids may have gaps, but a
  /// file of a few bytes must not ask for memory for millions of them.
  static constexpr std::size_t largest_id(std::size_t entries) {
    return std::min<std::size_t>(kLargestId, (std::size_t{1} << 18U) + 8 * entries);
  }

  /// Adds an entry. Throws Error naming `source` where the id is out of range or belongs to another
  /// entry. Of two ids for one entry the first counts.
  void add(int id, const std::string& entry, const std::string& source);

  [[nodiscard]] std::optional<int> find(std::string_view entry) const;
  /// Returns the entry of an id; empty for an id without one.
  [[nodiscard]] const std::string& entry(int id) const;
  /// Returns the largest id plus one.
  [[nodiscard]] int size() const { return static_cast<int>(entries_.size()); }
  /// Returns the number of entries, which is less than size() where ids have gaps.
  [[nodiscard]] int count() const { return static_cast<int>(ids_.size()); }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>{}(text);
    }
  };

  std::vector<std::string> entries_;
  std::unordered_map<std::string, int, Hash, std::equal_to<>> ids_;
};

}  // namespace sketchscope::text
