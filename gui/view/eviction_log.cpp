#include "gui/view/eviction_log.hpp"

#include <algorithm>
#include <ranges>

#include "gui/view/quantity.hpp"

namespace sketchscope {
namespace {

bool passes(const History& history, EvictionPlace place, const EvictionFilter& filter) {
  return !filter.layer || history.eviction(place)->layer == *filter.layer;
}

/// Places are in the order of steps.
std::span<const EvictionPlace> places_up_to(const History& history, std::int64_t step) {
  const auto places = history.eviction_places();
  const auto end = std::ranges::upper_bound(places, step, {}, &EvictionPlace::step);
  return places.first(static_cast<std::size_t>(end - places.begin()));
}

}  // namespace

std::vector<EvictionPlace> newest_evictions(const History& history, const EvictionFilter& filter,
                                            std::size_t skip, std::size_t count) {
  std::vector<EvictionPlace> newest;
  for (const EvictionPlace place : places_up_to(history, filter.up_to_step) | std::views::reverse) {
    if (newest.size() == count) break;
    if (!passes(history, place, filter)) continue;
    if (skip > 0) {
      --skip;
    } else {
      newest.push_back(place);
    }
  }
  return newest;
}

std::size_t count_evictions(const History& history, const EvictionFilter& filter) {
  const auto places = places_up_to(history, filter.up_to_step);
  if (!filter.layer) return places.size();
  return static_cast<std::size_t>(std::ranges::count_if(
      places, [&](EvictionPlace place) { return passes(history, place, filter); }));
}

EvictionRow eviction_row(const History& history, EvictionPlace place, const LiveState* state,
                         const TokenText& text) {
  const EvictionRecord& eviction = *history.eviction(place);
  return {.place = place,
          .layer = eviction.layer,
          .head = eviction.head,
          .position = eviction.position,
          .token = text.dotted(eviction.token),
          .score = eviction.score,
          .exact = or_missing(eviction.exact_score),
          .margin = or_missing(eviction.margin),
          .regret = regret_of(state, eviction.layer, eviction.position, eviction.head.value_or(0)),
          .degenerate = eviction.degenerate,
          .reason = reason_text(eviction.reason)};
}

double regret_of(const LiveState* state, int layer, int position, int head) {
  const TableState* table = state ? table_of(*state, layer, head) : nullptr;
  if (!table) return kMissing;
  const bool known = position >= 0 && static_cast<std::size_t>(position) < table->regret.size();
  return known ? table->regret[static_cast<std::size_t>(position)] : kMissing;
}

}  // namespace sketchscope
