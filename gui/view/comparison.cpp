#include "gui/view/comparison.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <tuple>
#include <vector>

#include "gui/plot/value_format.hpp"

namespace sketchscope::view {
namespace {

const StepSeries& logit_kl(const History& history) {
  return history.series<&record::StepRecord::logit_kl>();
}

int positions(const History& history) {
  return static_cast<int>(history.tokens().size());
}

using Victim = std::tuple<int, int, int>;  // layer, head, position

Victim victim_of(const record::EvictionRecord& eviction) {
  return {eviction.layer, eviction.head.value_or(-1), eviction.position};
}

std::vector<Victim> sorted_victims(const record::StepRecord& record) {
  std::vector<Victim> victims;
  std::ranges::transform(record.evictions, std::back_inserter(victims), victim_of);
  std::ranges::sort(victims);
  return victims;
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

bool same_victims(const record::StepRecord& a, const record::StepRecord& b) {
  const auto& of_a = a.evictions;
  const auto& of_b = b.evictions;
  if (of_a.size() != of_b.size()) return false;
  // Mostly they are in the same order, which is known without a copy.
  if (std::ranges::equal(of_a, of_b, {}, victim_of, victim_of)) return true;
  return sorted_victims(a) == sorted_victims(b);
}

std::size_t step_at(const History& history, int position) {
  const int last = std::min(position, positions(history) - 1);
  return static_cast<std::size_t>(history.fed_at(last));
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
