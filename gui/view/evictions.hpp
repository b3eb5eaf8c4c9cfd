#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/run/live_state.hpp"
#include "gui/view/history.hpp"
#include "gui/view/token_text.hpp"

namespace sketchscope::view {

/// Selects the evictions that a table lists.
struct EvictionFilter {
  std::int64_t up_to_step = LayerHistory::kNever;
  std::optional<int> layer;
};

/// A line of the eviction log; kMissing if a number was not measured.
struct EvictionRow {
  EvictionPlace place;
  int layer = 0;
  std::optional<int> head;
  int position = 0;
  std::string token;
  double score = 0;
  double exact = 0;
  double margin = 0;
  double regret = 0;  ///< mass it would have received since eviction
  bool degenerate = false;
  std::string_view reason;
};

/// Returns at most `count` places that pass the filter, newest first.
std::vector<EvictionPlace> newest_evictions(
    const History& history, const EvictionFilter& filter,
    std::size_t count = std::numeric_limits<std::size_t>::max());
/// Returns the number of evictions that pass the filter.
std::size_t count_evictions(const History& history, const EvictionFilter& filter);

/// Returns the line of an eviction. The regret is taken from `state`, which may be null; the place
/// must be one of the history's.
EvictionRow eviction_row(const History& history, EvictionPlace place, const run::LiveState* state,
                         const TokenText& text);

/// Returns the regret of a position in a layer so far; kMissing without an audit.
double regret_of(const run::LiveState* state, int layer, int position, int head = 0);

/// The columns by which a table of evictions can be sorted.
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

/// The sort order of a table of evictions.
struct EvictionOrder {
  EvictionColumn column = EvictionColumn::step;
  bool descending = true;

  friend bool operator==(const EvictionOrder&, const EvictionOrder&) = default;
};
/// Returns the name of a column, such as "regret".
std::string_view eviction_column_name(EvictionColumn column);
/// Returns the column of a name. Throws UsageError that lists all names.
EvictionColumn eviction_column_of(std::string_view name);

/// Returns the order after a click on a column's title: reversed for the same column, else by that
/// column, largest first (words from A on).
EvictionOrder clicked_order(EvictionOrder order, EvictionColumn column);
/// Describes an order, such as "newest first" or "by score, lowest first".
std::string order_text(EvictionOrder order);

/// A search in the eviction log.
struct EvictionSearch {
  std::optional<int> layer;
  std::optional<int> position;
  std::vector<std::string> words;  ///< all must occur in token or reason; lower case

  friend bool operator==(const EvictionSearch&, const EvictionSearch&) = default;
};
/// Parses a search such as "L3 p58 was": layer 3, position 58, a token that contains "was". All
/// other terms are words.
EvictionSearch parse_eviction_search(std::string_view text);

/// The sorted lines of a table of evictions that match a search. Ties are newest first, and entries
/// without the number last. Recomputed only if run, search or order has changed; all lines, newest
/// first, are read where the history has them, which must stay as it is until the next update().
class EvictionLines {
 public:
  /// Updates the lines. `text` must be that of the run's model.
  void update(const History& history, const run::LiveState& state, const TokenText& text,
              std::int64_t up_to_step, const EvictionSearch& search, EvictionOrder order);
  [[nodiscard]] std::size_t size() const {
    return logged_.empty() ? lines_.size() : logged_.size();
  }
  /// Returns at most `count` lines after the first `skip`; they are valid until the next call.
  [[nodiscard]] std::span<const EvictionPlace> lines(std::size_t skip, std::size_t count);

 private:
  void collect(const History& history, const TokenText& text);
  void prepare_sorting(const History& history, const run::LiveState& state, const TokenText& text);
  void sort_first(std::size_t count);

  std::uint64_t generation_ = 0;  ///< of the history
  std::uint64_t revision_ = 0;
  std::int64_t up_to_step_ = 0;
  EvictionSearch search_;
  EvictionOrder order_;
  std::span<const EvictionPlace> logged_;  ///< the lines, oldest first, if these are all
  std::vector<EvictionPlace> lines_;
  std::vector<std::size_t> rank_;        ///< line → entry, sorted as far as requested
  std::vector<double> numbers_;          ///< by entry: the sort key, kMissing if there is none
  std::vector<std::string_view> words_;  ///< by entry: the sort key if it is a text
  std::vector<EvictionPlace> entries_;   ///< newest first
  std::size_t sorted_ = 0;
};

/// Says when the first eviction of a run comes that has none up to this step (null before the
/// first): "95 of 128 slots are filled: step 129 is the first that evicts". `positions` are those
/// of the model.
std::string first_eviction_words(const record::StepRecord* record, const settings::Knobs& knobs,
                                 int positions);

}  // namespace sketchscope::view
