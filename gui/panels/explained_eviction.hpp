#pragma once

#include <optional>

#include "gui/view/evictions.hpp"
#include "gui/view/history.hpp"
#include "gui/widgets/selection.hpp"

namespace sketchscope::panels {

/// Returns the eviction that "Why was this evicted?" explains: the pinned one if it is part of the
/// run, else the newest one up to the step shown, else the first one, so that hovering over the
/// panel's chart never empties it. Empty before anything was evicted.
inline std::optional<view::EvictionPlace> explained_eviction(const view::History& history,
                                                             const widgets::Selection& selection) {
  if (const auto& pinned = selection.eviction) {
    const auto place = history.eviction_of(pinned->layer, pinned->position, pinned->head);
    if (place && place->step == pinned->step) return place;
  }
  const auto shown = selection.step(static_cast<std::int64_t>(history.size())).value_or(-1);
  const auto newest = view::newest_evictions(history, {.up_to_step = shown, .layer = {}}, 1);
  if (!newest.empty()) return newest.front();
  const auto all = history.eviction_places();
  return all.empty() ? std::nullopt : std::optional(all.front());
}

}  // namespace sketchscope::panels
