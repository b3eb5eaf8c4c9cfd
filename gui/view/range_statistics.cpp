#include "gui/view/range_statistics.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace sketchscope::view {
namespace {

template <typename Row>
void add_series(std::vector<RunSeries>& all, const std::string& prefix,
                const FieldSeries<Row>& figures) {
  figures.for_each([&](const auto& field, const StepSeries& series) {
    all.push_back({prefix + std::string(field.name), &series});
  });
}

/// Returns the value below which a share of ascending values lies (nearest rank).
double quantile(const std::vector<double>& ascending, double share) {
  const auto rank =
      static_cast<std::size_t>(std::ceil(share * static_cast<double>(ascending.size())));
  return ascending[std::max<std::size_t>(rank, 1) - 1];
}

/// Whether steps only came at the end and went at the beginning.
bool moves_on(const StepSpan& from, const StepSpan& to) {
  return to.first >= from.first && to.last >= from.last && to.first <= from.last + 1;
}

std::string_view reason_order(const Departures::Reason& reason) {
  return record::reason_text(reason.reason);
}

}  // namespace

std::vector<RunSeries> all_series(const History& history) {
  std::vector<RunSeries> all;
  add_series(all, "", history.figures<record::StepRecord>());
  std::erase_if(all, [&](const RunSeries& one) { return one.values == &history.steps(); });
  all.push_back({"evictions", &history.evictions()});
  add_series(all, "", history.figures<record::PhaseTimes>());
  add_series(all, "memory.", history.figures<record::MemoryLedger>());
  for (std::size_t layer = 0; layer < history.layers().size(); ++layer) {
    add_series(all, "layer." + std::to_string(layer) + ".", history.layers()[layer].figures);
  }
  return all;
}

StepSpan steps_in(const StepRange& range, std::int64_t steps) {
  if (steps <= 0) return {};
  const auto newest = static_cast<double>(steps - 1);
  const double first = std::clamp(std::ceil(range.first), 0.0, newest);
  const double last = std::clamp(std::floor(range.last), first, newest);
  return {static_cast<std::int64_t>(first), static_cast<std::int64_t>(last)};
}

Statistics statistics_of(const StepSeries& values, const StepSpan& steps) {
  return MovingStatistics().of(values, steps, 0);
}

bool is_measured(const StepSeries& values, const StepSpan& steps) {
  const auto end = std::min(steps.last + 1, static_cast<std::int64_t>(values.size()));
  for (std::int64_t step = end - 1; step >= steps.first; --step) {
    if (std::isfinite(values[static_cast<std::size_t>(step)])) return true;
  }
  return false;
}

Statistics MovingStatistics::of(const StepSeries& values, StepSpan steps,
                                std::uint64_t generation) {
  steps.last = std::min(steps.last, static_cast<std::int64_t>(values.size()) - 1);
  if (generation != generation_ || !moves_on(steps_, steps)) {
    ascending_.clear();
    steps_ = {steps.first, steps.first - 1};
  }
  remove(values, {steps_.first, steps.first - 1});
  add(values, {steps_.last + 1, steps.last});
  generation_ = generation;
  steps_ = steps;

  Statistics found{.count = ascending_.size()};
  if (ascending_.empty()) return found;
  found.most = ascending_.back();
  found.step_of_most = -1;
  for (std::int64_t step = steps.first; step <= steps.last; ++step) {
    const double value = values[static_cast<std::size_t>(step)];
    if (!std::isfinite(value)) continue;
    found.sum += value;
    if (value == found.most && found.step_of_most < 0) found.step_of_most = step;
  }
  found.mean = found.sum / static_cast<double>(found.count);
  found.least = ascending_.front();
  found.median = quantile(ascending_, 0.5);
  found.p95 = quantile(ascending_, 0.95);
  return found;
}

void MovingStatistics::remove(const StepSeries& values, const StepSpan& steps) {
  for (std::int64_t step = steps.first; step <= steps.last; ++step) {
    const double value = values[static_cast<std::size_t>(step)];
    if (std::isfinite(value)) ascending_.erase(std::ranges::lower_bound(ascending_, value));
  }
}

void MovingStatistics::add(const StepSeries& values, const StepSpan& steps) {
  constexpr std::int64_t kFewSteps = 16;  // for these, inserting is faster than sorting anew
  for (std::int64_t step = steps.first; step <= steps.last; ++step) {
    const double value = values[static_cast<std::size_t>(step)];
    if (!std::isfinite(value)) continue;
    const auto place =
        steps.size() <= kFewSteps ? std::ranges::upper_bound(ascending_, value) : ascending_.end();
    ascending_.insert(place, value);
  }
  if (steps.size() > kFewSteps) std::ranges::sort(ascending_);
}

std::span<const StatisticKind> statistic_kinds() {
  static constexpr std::array kKinds = {
      StatisticKind{"mean", [](const Statistics& found) { return found.mean; }},
      StatisticKind{"median", [](const Statistics& found) { return found.median; }},
      StatisticKind{"p95", [](const Statistics& found) { return found.p95; }},
      StatisticKind{"min", [](const Statistics& found) { return found.least; }},
      StatisticKind{"max", [](const Statistics& found) { return found.most; }},
      StatisticKind{"sum", [](const Statistics& found) { return found.sum; }},
      StatisticKind{"count",
                    [](const Statistics& found) { return static_cast<double>(found.count); }},
  };
  return kKinds;
}

RangePerplexity perplexity_in(const History& history, const StepSpan& steps) {
  return GrowingPerplexity().of(history, steps);
}

RangePerplexity GrowingPerplexity::of(const History& history, const StepSpan& steps) {
  const bool grown = history.generation() == generation_ && steps.first == steps_.first &&
                     steps.last >= steps_.last;
  if (!grown) {
    *this = {};
    generation_ = history.generation();
    steps_ = {steps.first, steps.first - 1};
  }
  while (steps_.last < steps.last) {
    const record::StepRecord* record = history.at(steps_.last + 1);
    if (record == nullptr) break;
    add(*record);
    ++steps_.last;
  }
  RangePerplexity found = found_;
  if (found.tokens > 0) found.lane = std::exp(lane_ / found.tokens);
  if (twins_ > 0) found.twin = std::exp(twin_ / twins_);
  return found;
}

void GrowingPerplexity::add(const record::StepRecord& record) {
  if (!record.token_probability) return;
  const bool given = record.prompt_tokens > 0;
  if (given && !found_.given) {
    found_ = {.given = true};
    lane_ = twin_ = 0;
    twins_ = 0;
  }
  if (given != found_.given) return;
  ++found_.tokens;
  lane_ -= std::log(*record.token_probability);
  if (!record.twin_token_probability) return;
  ++twins_;
  twin_ -= std::log(*record.twin_token_probability);
}

Departures departures_in(const History& history, const StepSpan& steps) {
  return MovingDepartures().of(history, steps);
}

Departures MovingDepartures::of(const History& history, const StepSpan& steps) {
  const bool same_run =
      history.generation() == generation_ && sums_.by_layer.size() == history.layers().size();
  if (!same_run || !moves_on(steps_, steps)) {
    sums_ = {};
    sums_.by_layer.resize(history.layers().size(), 0);
    reasons_.clear();
    departures_of_.clear();
    steps_ = {steps.first, steps.first - 1};
  }
  count(history, {steps_.first, steps.first - 1}, -1);
  count(history, {steps_.last + 1, steps.last}, 1);
  generation_ = history.generation();
  steps_ = steps;

  Departures found = sums_;
  for (const auto& [reason, evictions] : reasons_) {
    if (evictions > 0) found.reasons.push_back({reason, evictions});
  }
  std::ranges::sort(found.reasons, {}, [](const Departures::Reason& reason) {
    return std::pair(-reason.evictions, reason_order(reason));
  });
  for (std::size_t position = 0; position < departures_of_.size(); ++position) {
    if (departures_of_[position] > 0) found.positions.push_back(static_cast<int>(position));
  }
  return found;
}

void MovingDepartures::count(const History& history, const StepSpan& steps, int sign) {
  for (std::int64_t step = steps.first; step <= steps.last; ++step) {
    const record::StepRecord* record = history.at(step);
    if (record == nullptr) break;
    for (const record::EvictionRecord& eviction : record->evictions) {
      sums_.evictions += sign;
      sums_.degenerate += eviction.degenerate ? sign : 0;
      reasons_[eviction.reason] += sign;
      sums_.by_layer.at(static_cast<std::size_t>(eviction.layer)) += sign;
      const auto position = static_cast<std::size_t>(eviction.position);
      if (departures_of_.size() <= position) departures_of_.resize(position + 1, 0);
      departures_of_[position] += sign;
    }
  }
}

DataTable range_data(const History& history, const StepSpan& steps) {
  DataTable table{.columns = {"series", "first_step", "last_step", "step_of_max"}};
  for (const StatisticKind& kind : statistic_kinds()) table.columns.emplace_back(kind.name);
  const RangePerplexity perplexity = perplexity_in(history, steps);
  const auto add_perplexity = [&](const char* name, const std::optional<double>& value) {
    if (!value) return;
    std::vector<std::string> row(table.columns.size());
    row[0] = name;
    row[1] = std::to_string(steps.first);
    row[2] = std::to_string(steps.last);
    row[4] = exact_text(*value);
    row.back() = std::to_string(perplexity.tokens);
    table.rows.push_back(std::move(row));
  };
  add_perplexity("perplexity", perplexity.lane);
  add_perplexity("twin_perplexity", perplexity.twin);
  for (const RunSeries& series : all_series(history)) {
    const Statistics found = statistics_of(*series.values, steps);
    if (found.count == 0) continue;
    std::vector<std::string> row = {series.name, std::to_string(steps.first),
                                    std::to_string(steps.last), std::to_string(found.step_of_most)};
    for (const StatisticKind& kind : statistic_kinds()) row.push_back(exact_text(kind.of(found)));
    table.rows.push_back(std::move(row));
  }
  return table;
}

}  // namespace sketchscope::view
