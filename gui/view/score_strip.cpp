#include "gui/view/score_strip.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

#include "engine/measure/correlation.hpp"
#include "gui/plot/value_format.hpp"

namespace sketchscope::view {
namespace {

constexpr double kLowest = -std::numeric_limits<double>::infinity();
constexpr int kMostCompared = 16;

double comparable(double value) {
  return std::isnan(value) ? kLowest : value;
}

double at_position(const std::vector<float>& values, int position) {
  const auto index = static_cast<std::size_t>(position);
  return index < values.size() ? values[index] : plot::kMissing;
}

/// Returns the mass that the query heads of a table gave to a position, from attention (H, P).
double mass_at(const std::vector<float>& attention, const run::LayerState& layer, int head,
               int heads, int position) {
  if (attention.empty()) return plot::kMissing;
  const auto all = static_cast<std::size_t>(heads);
  const std::size_t positions = attention.size() / all, tables = layer.tables.size();
  const std::size_t group = all / tables;
  const std::size_t first = tables == 1 ? 0 : static_cast<std::size_t>(head) * group;
  double sum = 0;
  for (std::size_t query = first; query < first + group; ++query) {
    sum += attention[query * positions + static_cast<std::size_t>(position)];
  }
  return sum;
}

struct Measured {
  const run::LiveState& state;
  const run::LayerState& layer;
  const run::TableState& table;
  int layer_index = 0;
  int head = 0;
  int heads = 0;

  [[nodiscard]] double value(ReferenceScore reference, int position) const {
    switch (reference) {
      case ReferenceScore::heavy_hitter:
        return at_position(table.exact_mass, position);
      case ReferenceScore::age_normalized: {
        const double fed = static_cast<double>(table.exact_mass.size());
        return at_position(table.exact_mass, position) / (fed - position);
      }
      case ReferenceScore::tova:
        return mass_at(layer.attention, layer, head, heads, position);
      case ReferenceScore::sketch:
        return at_position(table.estimates, position);
      case ReferenceScore::window:
        return position;
      case ReferenceScore::full_cache:
        return mass_at(layer.twin_attention, layer, head, heads, position);
      case ReferenceScore::hindsight:
        return mass_since(position);
    }
    return plot::kMissing;
  }

  // Mass while it was stored is the lane's, and afterwards that of full attention. A mass that
  // decays says nothing of a stretch of the run.
  [[nodiscard]] double mass_since(int position) const {
    if (!state.later || state.applied.decay != 1) return plot::kMissing;
    const run::TableState* now = run::table_of(*state.later, layer_index, head);
    if (now == nullptr) return plot::kMissing;
    return at_position(now->exact_mass, position) + at_position(now->regret, position) -
           at_position(table.exact_mass, position) - at_position(table.regret, position);
  }
};

// Returns how many of the highest stored positions cannot be evicted when the next token comes: the
// recent window beside that token, or the queries that the policy observed if they are more.
std::size_t latest_protected(std::span<const double> positions, const settings::Knobs& knobs) {
  if (positions.empty()) return 0;
  const int observed = knobs.policy->make()->protected_latest(settings::observation_of(knobs));
  // The latest position is always stored; some of the observed ones before it may have left.
  const auto first = std::ranges::lower_bound(positions, positions.back() + 1 - observed);
  const auto recent = static_cast<std::size_t>(std::max(knobs.recent_window, 1) - 1);
  return std::min(std::max(recent, static_cast<std::size_t>(positions.end() - first)),
                  positions.size());
}

// Returns which positions may be evicted when the next token comes.
std::vector<bool> candidates_among(std::span<const double> positions,
                                   const settings::Knobs& knobs) {
  const std::size_t latest = latest_protected(positions, knobs);
  std::vector<bool> candidates(positions.size());
  for (std::size_t at = 0; at + latest < positions.size(); ++at) {
    candidates[at] = positions[at] >= knobs.sinks;
  }
  return candidates;
}

// Returns the candidates in the order in which they would leave, as indices into the strip.
std::vector<std::size_t> leaving(std::span<const double> scores,
                                 const std::vector<bool>& candidates) {
  std::vector<std::size_t> order;
  for (std::size_t at = 0; at < scores.size(); ++at) {
    if (candidates[at]) order.push_back(at);
  }
  std::ranges::stable_sort(order, {}, [&](std::size_t at) { return comparable(scores[at]); });
  return order;
}

void compare_next(ScoreStrip& strip, const settings::Knobs& knobs) {
  const std::vector<bool> candidates = candidates_among(strip.positions, knobs);
  std::vector<std::size_t> own = leaving(strip.scores, candidates);
  strip.candidates = static_cast<int>(own.size());
  if (!own.empty()) strip.next_victim = static_cast<int>(strip.positions[own.front()]);
  if (strip.others.empty()) return;
  std::vector<std::size_t> other = leaving(strip.others, candidates);
  strip.compared = std::min(kMostCompared, strip.candidates / 2);
  own.resize(static_cast<std::size_t>(strip.compared));
  other.resize(own.size());
  strip.alike = static_cast<int>(std::ranges::count_if(
      own, [&](std::size_t at) { return std::ranges::find(other, at) != other.end(); }));
}

}  // namespace

std::span<const ReferenceScoreInfo> reference_scores() {
  static constexpr std::array kReferenceScores = {
      ReferenceScoreInfo{ReferenceScore::heavy_hitter, "heavy-hitter", "the audit"},
      ReferenceScoreInfo{ReferenceScore::age_normalized, "age-normalized", "the audit"},
      ReferenceScoreInfo{ReferenceScore::tova, "tova", "a step after the prompt"},
      ReferenceScoreInfo{ReferenceScore::sketch, "sketch", "a policy with a sketch"},
      ReferenceScoreInfo{ReferenceScore::window, "window", ""},
      ReferenceScoreInfo{ReferenceScore::full_cache, "full cache now",
                         "the twin, after the prompt"},
      ReferenceScoreInfo{ReferenceScore::hindsight, "hindsight",
                         "an earlier step, the audit and no decay"},
  };
  return kReferenceScores;
}

ScoreStrip score_strip(const run::LiveState& state, int layer, int head, ReferenceScore reference,
                       const settings::Knobs& knobs, int heads) {
  const run::TableState* table = run::table_of(state, layer, head);
  if (table == nullptr) return {};
  const Measured measured{.state = state,
                          .layer = state.layers[static_cast<std::size_t>(layer)],
                          .table = *table,
                          .layer_index = layer,
                          .head = head,
                          .heads = heads};
  std::vector<std::size_t> order(table->positions.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t slot) { return table->positions[slot]; });
  ScoreStrip strip;
  for (const std::size_t slot : order) {
    const int position = table->positions[slot];
    const double score = table->scores[slot];
    strip.positions.push_back(position);
    strip.scores.push_back(score);
    strip.others.push_back(measured.value(reference, position));
    strip.without_number += comparable(score) == kLowest ? 1 : 0;
  }
  const bool any = std::ranges::any_of(strip.others, [](double x) { return std::isfinite(x); });
  if (!any) strip.others.clear();
  strip.correlation = measure::rank_correlation(strip.scores, strip.others);
  compare_next(strip, knobs);
  return strip;
}

DataTable scores_data(const ScoreStrip& strip, std::string_view reference) {
  if (strip.positions.empty()) return {};
  DataTable table{.columns = {"position", "score", std::string(reference)}};
  for (std::size_t at = 0; at < strip.positions.size(); ++at) {
    const double other = strip.others.empty() ? plot::kMissing : strip.others[at];
    table.rows.push_back(
        {exact_text(strip.positions[at]), exact_text(strip.scores[at]), exact_text(other)});
  }
  return table;
}

}  // namespace sketchscope::view
