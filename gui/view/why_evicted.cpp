#include "gui/view/why_evicted.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "gui/view/quantity.hpp"

namespace sketchscope {

std::optional<Sharing> limiting_cell(const SketchCells& cells, const SeenItems& seen, int position,
                                     std::span<const float> exact_mass) {
  const auto weight = [&](int other) {
    const auto index = static_cast<std::size_t>(other);
    return index < exact_mass.size() ? static_cast<double>(exact_mass[index]) : 1.0;
  };
  std::optional<Sharing> lightest;
  double least = std::numeric_limits<double>::infinity();
  for (int row = 0; row < cells.rows(); ++row) {
    const std::optional<int> column = cells.column_of(row, position, seen);
    if (!column) return std::nullopt;
    std::vector<int> others = cells.positions_in(row, *column, seen);
    std::erase(others, position);
    double sum = 0;
    for (const int other : others) sum += weight(other);
    if (sum >= least) continue;
    least = sum;
    lightest = Sharing{row, std::move(others)};
  }
  if (lightest) std::ranges::stable_sort(lightest->positions, std::ranges::greater(), weight);
  return lightest;
}

std::string protection_text(const EvictionRecord& eviction, const Knobs& knobs) {
  if (eviction.degenerate) return "yes, as all were: there was no choice";
  return "no: " + std::to_string(eviction.position) + " ≥ sinks " + std::to_string(knobs.sinks) +
         ", not of the last " + std::to_string(std::max(knobs.recent_window, 1));
}

TopTokenChanges top_token_changes(const History& history, std::int64_t since) {
  TopTokenChanges changes;
  const StepSeries& agrees = history.top1_agrees();
  for (auto step = static_cast<std::size_t>(std::max<std::int64_t>(since, 0)); step < agrees.size();
       ++step) {
    if (std::isnan(agrees[step])) continue;
    ++changes.compared;
    if (agrees[step] == 0) changes.steps.push_back(static_cast<double>(step));
  }
  return changes;
}

VictimTrace victim_trace(const History& history, int layer, int head) {
  VictimTrace trace;
  for (const EvictionPlace place : history.eviction_places()) {
    const EvictionRecord& eviction = *history.eviction(place);
    if (eviction.layer != layer || eviction.head.value_or(0) != head) continue;
    const bool pause = !trace.steps.empty() && place.step > trace.steps.back() + 1;
    if (pause) {
      trace.steps.push_back(trace.steps.back() + 1);
      trace.scores.push_back(kMissing);
      trace.exact.push_back(kMissing);
    }
    trace.steps.push_back(static_cast<double>(place.step));
    trace.scores.push_back(eviction.score);
    trace.exact.push_back(or_missing(eviction.exact_score));
  }
  return trace;
}

}  // namespace sketchscope
