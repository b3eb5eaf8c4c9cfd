#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engine/run/live_state.hpp"
#include "gui/view/history.hpp"
#include "gui/view/token_text.hpp"

namespace sketchscope {

/// Which evictions a table lists.
struct EvictionFilter {
  std::int64_t up_to_step = LayerHistory::kNever;
  std::optional<int> layer;
};

/// A line of the eviction log; kMissing where nothing was measured.
struct EvictionRow {
  EvictionPlace place;
  int layer = 0;
  std::optional<int> head;
  int position = 0;
  std::string token;
  double score = 0;
  double exact = 0;
  double margin = 0;
  double regret = 0;  ///< mass it would have received since it left, up to now
  bool degenerate = false;
  std::string_view reason;
};

/// Places that pass the filter, newest first, at most `count` after `skip` of them.
std::vector<EvictionPlace> newest_evictions(const History& history, const EvictionFilter& filter,
                                            std::size_t skip, std::size_t count);
/// How many pass the filter.
std::size_t count_evictions(const History& history, const EvictionFilter& filter);

/// `state` (may be null) gives the regret. The place must be the history's.
EvictionRow eviction_row(const History& history, EvictionPlace place, const LiveState* state,
                         const TokenText& text);

/// Regret of a position in a layer so far; kMissing with the audit off.
double regret_of(const LiveState* state, int layer, int position, int head = 0);

}  // namespace sketchscope
