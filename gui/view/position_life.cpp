#include "gui/view/position_life.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "gui/plot/value_format.hpp"
#include "gui/view/evictions.hpp"

namespace sketchscope::view {
namespace {

void add_scores(const run::TableState& table, int position, TableLife& life) {
  const auto index = static_cast<std::size_t>(position);
  if (index < table.exact_mass.size()) life.exact = table.exact_mass[index];
  const auto slot = std::ranges::find(table.positions, position) - table.positions.begin();
  if (slot >= std::ssize(table.scores)) return;
  const float score = table.scores[static_cast<std::size_t>(slot)];
  life.score = score;
  life.rank = 1 + static_cast<int>(std::ranges::count_if(
                      table.scores, [&](float other) { return other < score; }));
  life.stored = static_cast<int>(table.scores.size());
}

TableLife table_life(const History& history, const Occupancy& occupancy,
                     const run::LiveState* state, int row, int position) {
  const int layer = occupancy.layer_of(row);
  const int head = occupancy.head_of(row);
  TableLife life{.layer = layer,
                 .status = occupancy.at(row, position),
                 .score = plot::kMissing,
                 .exact = plot::kMissing,
                 .regret = regret_of(state, layer, position, head)};
  if (occupancy.heads > 1) life.head = head;
  const run::TableState* table = state ? run::table_of(*state, layer, head) : nullptr;
  if (is_stored(life.status)) {
    if (table) add_scores(*table, position, life);
    return life;
  }
  const auto place = history.eviction_of(layer, position, head);
  if (!place || place->step > occupancy.step) return life;
  const record::EvictionRecord& eviction = *history.eviction(*place);
  life.left_at = place->step;
  life.score = eviction.score;
  life.exact = plot::or_missing(eviction.exact_score);
  return life;
}

}  // namespace

int PositionLife::storing() const {
  return static_cast<int>(std::ranges::count_if(
      tables, [](const TableLife& table) { return is_stored(table.status); }));
}

std::optional<PositionLife> position_life(const History& history, const Occupancy& occupancy,
                                          const run::LiveState* state, int position) {
  if (position < 0 || position >= occupancy.positions) return std::nullopt;
  PositionLife life{.position = position,
                    .token = history.tokens()[static_cast<std::size_t>(position)],
                    .prompt = position < history.prompt_length(),
                    .fed_at = history.fed_at(position),
                    .seen_at = occupancy.step};
  for (int row = 0; row < occupancy.rows; ++row) {
    life.tables.push_back(table_life(history, occupancy, state, row, position));
  }
  return life;
}

const run::TableTrace* trace_of(const run::LiveState& state, int position, int layer, int head) {
  if (!state.trace || state.trace->position != position) return nullptr;
  const auto& tables = state.trace->tables;
  const auto found = std::ranges::find_if(tables, [&](const run::TableTrace& table) {
    return table.layer == layer && table.head.value_or(head) == head;
  });
  return found == tables.end() ? nullptr : &*found;
}

ScoreCurve score_curve(const run::PositionTrace& trace, const run::TableTrace& table,
                       const PositionLife& life) {
  ScoreCurve curve;
  for (std::size_t i = 0; i < trace.steps.size(); ++i) {
    if (std::isnan(table.score[i])) continue;
    curve.steps.push_back(trace.steps[i]);
    curve.scores.push_back(table.score[i]);
  }
  const auto same = std::ranges::find_if(life.tables, [&](const TableLife& one) {
    return one.layer == table.layer && one.head == table.head;
  });
  if (same == life.tables.end() || !same->left_at) return curve;
  curve.steps.push_back(static_cast<double>(*same->left_at));
  curve.scores.push_back(same->score);
  return curve;
}

DataTable life_data(const PositionLife& life) {
  DataTable table{.columns = {"layer", "head", "stored", "left_at_step", "score", "exact_mass",
                              "rank", "regret"}};
  for (const TableLife& one : life.tables) {
    table.rows.push_back({std::to_string(one.layer), one.head ? std::to_string(*one.head) : "",
                          is_stored(one.status) ? "1" : "0",
                          one.left_at ? std::to_string(*one.left_at) : "", exact_text(one.score),
                          exact_text(one.exact), one.rank > 0 ? std::to_string(one.rank) : "",
                          exact_text(one.regret)});
  }
  return table;
}

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

std::string protection_text(const record::EvictionRecord& eviction, const settings::Knobs& knobs) {
  if (eviction.degenerate) return "yes, as all were: there was no choice";
  return "no: " + std::to_string(eviction.position) + " ≥ sinks " + std::to_string(knobs.sinks) +
         ", not of the last " + std::to_string(settings::protected_latest(knobs));
}

TopTokenChanges top_token_changes(const History& history, std::int64_t since, std::int64_t until) {
  TopTokenChanges changes;
  const StepSeries& agrees = history.series<&record::StepRecord::top1_agrees>();
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
    const record::EvictionRecord& eviction = *history.eviction(place);
    if (eviction.layer != layer || eviction.head.value_or(0) != head) continue;
    const bool pause = !steps_.empty() && place.step > steps_.back() + 1;
    if (pause) append(steps_.back() + 1, plot::kMissing, plot::kMissing);
    append(static_cast<double>(place.step), eviction.score, plot::or_missing(eviction.exact_score));
  }
  places_ = places.size();
}

void VictimTrace::append(double step, double score, double exact) {
  steps_.push_back(step);
  scores_.push_back(score);
  exact_.push_back(exact);
}

}  // namespace sketchscope::view
