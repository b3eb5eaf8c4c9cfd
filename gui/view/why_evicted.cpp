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

TopTokenChanges top_token_changes(const History& history, std::int64_t since, std::int64_t until) {
  TopTokenChanges changes;
  const StepSeries& agrees = history.series<&StepRecord::top1_agrees>();
  const auto first = static_cast<std::size_t>(std::max<std::int64_t>(since, 0));
  const auto end =
      std::min(agrees.size(), static_cast<std::size_t>(std::max<std::int64_t>(until + 1, 0)));
  for (std::size_t step = first; step < end; ++step) {
    if (std::isnan(agrees[step])) continue;
    ++changes.compared;
    if (agrees[step] == 0) changes.steps.push_back(static_cast<double>(step));
  }
  return changes;
}

void VictimTrace::update(const History& history, int layer, int head) {
  const auto places = history.eviction_places();
  const bool goes_on = generation_ == history.generation() && layer_ == layer && head_ == head &&
                       places_ <= places.size();
  if (!goes_on) *this = VictimTrace();
  generation_ = history.generation();
  layer_ = layer;
  head_ = head;
  for (const EvictionPlace place : places.subspan(places_)) {
    const EvictionRecord& eviction = *history.eviction(place);
    if (eviction.layer != layer || eviction.head.value_or(0) != head) continue;
    const bool pause = !steps_.empty() && place.step > steps_.back() + 1;
    if (pause) append(steps_.back() + 1, kMissing, kMissing);
    append(static_cast<double>(place.step), eviction.score, or_missing(eviction.exact_score));
  }
  places_ = places.size();
}

void VictimTrace::append(double step, double score, double exact) {
  steps_.push_back(step);
  scores_.push_back(score);
  exact_.push_back(exact);
}

}  // namespace sketchscope
