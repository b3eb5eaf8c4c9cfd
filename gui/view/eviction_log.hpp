#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engine/run/live_state.hpp"
#include "gui/view/history.hpp"
#include "gui/view/token_text.hpp"

namespace sketchscope {

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

/// Returns at most `count` places that pass the filter, newest first, after the first `skip`.
std::vector<EvictionPlace> newest_evictions(const History& history, const EvictionFilter& filter,
                                            std::size_t skip, std::size_t count);
/// Returns the number of evictions that pass the filter.
std::size_t count_evictions(const History& history, const EvictionFilter& filter);

/// Returns the line of an eviction. The regret is taken from `state`, which may be null; the place
/// must be one of the history's.
EvictionRow eviction_row(const History& history, EvictionPlace place, const LiveState* state,
                         const TokenText& text);

/// Returns the regret of a position in a layer so far; kMissing without an audit.
double regret_of(const LiveState* state, int layer, int position, int head = 0);

}  // namespace sketchscope
