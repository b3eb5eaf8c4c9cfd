#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gui/view/eviction_log.hpp"

namespace sketchscope {

/// What a table of evictions may be sorted by.
enum class EvictionColumn : std::uint8_t {
  step,
  layer,
  position,
  token,
  score,
  exact,
  margin,
  regret
};

struct EvictionOrder {
  EvictionColumn column = EvictionColumn::step;
  bool descending = true;

  friend bool operator==(const EvictionOrder&, const EvictionOrder&) = default;
};
/// After a click on a column's title: the other way round, or that column, greatest first (words
/// from A on).
EvictionOrder clicked_order(EvictionOrder order, EvictionColumn column);
/// "newest first", "by score, lowest first".
std::string order_text(EvictionOrder order);

/// What a person looks for in the log.
struct EvictionSearch {
  std::optional<int> layer;
  std::optional<int> position;
  std::vector<std::string> words;  ///< parts of the token or the reason, lower case; all of them

  friend bool operator==(const EvictionSearch&, const EvictionSearch&) = default;
};
/// "L3 p58 was": layer 3, position 58, a token with "was" in it. Anything else is a word.
EvictionSearch parse_eviction_search(std::string_view text);

/// The lines of a table of evictions: those that are looked for, in an order; equal ones newest
/// first, those without the number last. Derived anew when run, search or order has changed.
class EvictionLines {
 public:
  /// `text` must be that of the run's tokens.
  void update(const History& history, const LiveState& state, const TokenText& text,
              std::int64_t up_to_step, const EvictionSearch& search, EvictionOrder order);
  [[nodiscard]] std::size_t size() const { return lines_.size(); }
  /// At most `count` lines after the first `skip`.
  [[nodiscard]] std::span<const EvictionPlace> lines(std::size_t skip, std::size_t count);

 private:
  void collect(const History& history, const TokenText& text);
  void prepare_sorting(const History& history, const LiveState& state, const TokenText& text);
  void sort_first(std::size_t count);

  std::uint64_t revision_ = 0;
  std::int64_t up_to_step_ = 0;
  EvictionSearch search_;
  EvictionOrder order_;
  std::vector<EvictionPlace> lines_;
  std::vector<std::size_t> rank_;  ///< line → entry, sorted as far as was asked for
  std::vector<double> numbers_;    ///< by entry: what is sorted by, kMissing where there is none
  std::vector<std::string_view> words_;  ///< by entry, where words are sorted
  std::vector<EvictionPlace> entries_;   ///< newest first
  std::size_t sorted_ = 0;
};

}  // namespace sketchscope
