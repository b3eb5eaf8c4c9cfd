#include "gui/view/comparison.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <vector>

#include "gui/plot/value_format.hpp"

namespace sketchscope::view {
namespace {

std::string three_decimals(double value) {
  return plot::fixed_text(value, 3);
}
std::string share(double value) {
  return plot::format_percent(value, 1);
}
std::string count(double value) {
  return std::isfinite(value) ? plot::count_text(static_cast<long long>(value))
                              : std::string(plot::kAbsent);
}

/// Returns the mean of the measured values up to and including `last`.
double mean(const StepSeries& values, std::size_t last) {
  double sum = 0;
  int measured = 0;
  for (std::size_t step = 0; step <= last && step < values.size(); ++step) {
    if (!std::isfinite(values[step])) continue;
    sum += values[step];
    ++measured;
  }
  return measured > 0 ? sum / measured : plot::kMissing;
}

const StepSeries& logit_kl(const History& history) {
  return history.series<&record::StepRecord::logit_kl>();
}
const StepSeries& agreement(const History& history) {
  return history.series<&record::StepRecord::top1_agrees>();
}
const StepSeries& retained_mass(const History& history, std::size_t layer) {
  return history.layers()[layer].series<&record::LayerRecord::retained_mass>();
}

double mean_retained_mass(const History& history, std::size_t last) {
  double sum = 0;
  for (const LayerHistory& layer : history.layers())
    sum += mean(layer.series<&record::LayerRecord::retained_mass>(), last);
  return sum / static_cast<double>(history.layers().size());
}

double evictions_up_to(const History& history, std::size_t last) {
  double sum = 0;
  for (std::size_t step = 0; step <= last; ++step) sum += history.evictions()[step];
  return sum;
}

int positions(const History& history) {
  return static_cast<int>(history.tokens().size());
}

using Victim = std::tuple<int, int, int>;  // layer, head, position

Victim victim_of(const record::EvictionRecord& eviction) {
  return {eviction.layer, eviction.head.value_or(-1), eviction.position};
}

bool same_victims(const record::StepRecord& a, const record::StepRecord& b) {
  const auto& of_a = a.evictions;
  const auto& of_b = b.evictions;
  if (of_a.size() != of_b.size()) return false;
  // Mostly they are in the same order, which is known without a copy.
  if (std::ranges::equal(of_a, of_b, {}, victim_of, victim_of)) return true;
  return std::ranges::is_permutation(of_a, of_b, {}, victim_of, victim_of);
}

}  // namespace

std::vector<KnobDifference> knob_differences(const settings::Knobs& a, const settings::Knobs& b) {
  std::vector<KnobDifference> differences;
  for (const settings::KnobInfo& knob : settings::knob_table()) {
    if (settings::same_value(a, b, knob)) continue;
    differences.push_back(
        {std::string(knob.name), settings::knob_text(a, knob), settings::knob_text(b, knob)});
  }
  return differences;
}

std::optional<int> first_divergence(const History& a, const History& b) {
  const auto common = std::min(a.tokens().size(), b.tokens().size());
  for (std::size_t position = 0; position < common; ++position) {
    if (a.tokens()[position] != b.tokens()[position]) return static_cast<int>(position);
  }
  return std::nullopt;
}

std::optional<int> first_other_victims(const History& a, const History& b) {
  const int common = std::min(positions(a), positions(b));
  for (const record::RecordPointer& record : a.records()) {
    if (record->position >= common) break;
    if (!same_victims(*record, *b.at(b.fed_at(record->position)))) return record->position;
  }
  return std::nullopt;
}

std::size_t step_at(const History& history, int position) {
  const int last = std::min(position, positions(history) - 1);
  return static_cast<std::size_t>(history.fed_at(last));
}

std::vector<ComparedFigure> compared_figures(const History& a, const History& b) {
  if (a.empty() || b.empty()) return {};
  const int last = std::min(positions(a), positions(b)) - 1;
  const std::size_t step_a = step_at(a, last);
  const std::size_t step_b = step_at(b, last);
  const bool same_text = first_divergence(a, b).value_or(last + 1) > last;
  const double given_a = a.perplexity().given.lane()[step_a];
  const double given_b = b.perplexity().given.lane()[step_b];
  const bool given = std::isfinite(given_a) && std::isfinite(given_b);
  const std::string apart = !same_text ? "own texts" : given ? "" : "drawn by A";
  return {
      {"perplexity", given ? given_a : a.perplexity().fed.lane()[step_a],
       given ? given_b : b.perplexity().fed.lane()[step_b], three_decimals, apart},
      {"next-token KL, mean", mean(logit_kl(a), step_a), mean(logit_kl(b), step_b), three_decimals},
      {"same top token as full", mean(agreement(a), step_a), mean(agreement(b), step_b), share},
      {"retained mass, mean", mean_retained_mass(a, step_a), mean_retained_mass(b, step_b), share},
      {"bytes of the cache", a.policy_bytes()[step_a], b.policy_bytes()[step_b],
       plot::column_bytes},
      {"evictions", evictions_up_to(a, step_a), evictions_up_to(b, step_b), count}};
}

std::string in_points(std::string difference) {
  constexpr std::string_view kPercent = " %";
  if (!difference.ends_with(kPercent)) return difference;
  return difference.substr(0, difference.size() - kPercent.size()) + " pp";
}

std::string difference_text(const ComparedFigure& figure) {
  if (!figure.apart.empty()) return figure.apart;
  const double difference = figure.a - figure.b;
  if (!std::isfinite(difference)) return std::string(plot::kAbsent);
  const char* sign = difference > 0 ? "+" : difference < 0 ? "−" : "";
  return sign + in_points(figure.format(std::abs(difference)));
}

DifferenceSeries difference_series(const History& a, const History& b) {
  DifferenceSeries series;
  if (a.empty() || b.empty()) return series;
  const int common = std::min(positions(a), positions(b));
  for (const record::RecordPointer& record : a.records()) {
    if (record->position >= common) break;
    const auto step_a = static_cast<std::size_t>(record->step);
    const std::size_t step_b = step_at(b, record->position);
    series.steps.push_back(static_cast<double>(record->step));
    series.logit_kl.push_back(logit_kl(a)[step_a] - logit_kl(b)[step_b]);
    double retained = 0;
    const std::size_t layers = std::min(a.layers().size(), b.layers().size());
    for (std::size_t layer = 0; layer < layers; ++layer) {
      retained += retained_mass(a, layer)[step_a] - retained_mass(b, layer)[step_b];
    }
    series.retained_mass.push_back(retained / static_cast<double>(layers));
  }
  return series;
}

TextDifference text_difference(std::span<const int> a, std::span<const int> b) {
  // The lengths of the longest common subsequences of all pairs of suffixes.
  const std::size_t width = b.size() + 1;
  std::vector<int> lengths((a.size() + 1) * width, 0);
  const auto length = [&](std::size_t i, std::size_t j) -> int& { return lengths[i * width + j]; };
  for (std::size_t i = a.size(); i-- > 0;) {
    for (std::size_t j = b.size(); j-- > 0;) {
      length(i, j) =
          a[i] == b[j] ? length(i + 1, j + 1) + 1 : std::max(length(i + 1, j), length(i, j + 1));
    }
  }
  TextDifference difference{std::vector<bool>(a.size()), std::vector<bool>(b.size())};
  for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    if (a[i] == b[j]) {
      difference.a[i++] = true;
      difference.b[j++] = true;
    } else if (length(i + 1, j) >= length(i, j + 1)) {
      ++i;
    } else {
      ++j;
    }
  }
  return difference;
}

DataTable comparison_data(const History& a, const History& b) {
  DataTable table{.columns = {"position", "token_a", "token_b", "logit_kl_a", "logit_kl_b",
                              "evictions_a", "evictions_b", "same_evictions"}};
  if (a.empty() || b.empty()) return table;
  const int common = std::min(positions(a), positions(b));
  for (int position = 0; position < common; ++position) {
    const auto index = static_cast<std::size_t>(position);
    const std::size_t step_a = step_at(a, position), step_b = step_at(b, position);
    const record::StepRecord& of_a = *a.records()[step_a];
    const record::StepRecord& of_b = *b.records()[step_b];
    std::vector<std::string> row = {std::to_string(position), std::to_string(a.tokens()[index]),
                                    std::to_string(b.tokens()[index]),
                                    exact_text(logit_kl(a)[step_a]),
                                    exact_text(logit_kl(b)[step_b])};
    // The evictions of a step stand in the row of the position at which it ended.
    if (of_a.position == position && of_b.position == position) {
      row.push_back(std::to_string(of_a.evictions.size()));
      row.push_back(std::to_string(of_b.evictions.size()));
      row.emplace_back(same_victims(of_a, of_b) ? "1" : "0");
    }
    row.resize(table.columns.size());
    table.rows.push_back(std::move(row));
  }
  return table;
}

}  // namespace sketchscope::view
