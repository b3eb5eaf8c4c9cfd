#include "gui/view/step_time.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "gui/view/panel_data.hpp"
#include "gui/view/quantity.hpp"

namespace sketchscope {

std::array<double, kTimeParts.size()> time_parts(const PhaseTimes& times, double publish_ms) {
  return {times.linear_ms, times.attention_ms, times.policy_ms,
          times.audit_ms,  times.record_ms,    publish_ms};
}

void StackedTimes::update(const History& history, std::span<const double> publish_ms) {
  const bool replaced =
      generation_ != history.generation() || sums_.front().size() > history.size();
  if (replaced) sums_ = {};
  generation_ = history.generation();
  for (std::size_t step = sums_.front().size(); step < history.size(); ++step) {
    double sum = 0;
    const auto parts = time_parts(history.records()[step]->times);
    for (std::size_t part = 0; part < parts.size(); ++part) {
      sum += parts[part];
      sums_[part].push_back(sum);
    }
  }
  // The publish time of a step may become known after its record.
  const StepSeries& steps = sums_[kTimeParts.size() - 2];
  StepSeries& whole = sums_.back();
  whole = steps;
  const std::size_t known = std::min(whole.size(), publish_ms.size());
  for (std::size_t step = 0; step < known; ++step) whole[step] += publish_ms[step];
}

double usual_maximum(std::span<const double> values) {
  if (values.empty()) return 0;
  std::vector<double> sorted(values.begin(), values.end());
  const auto rank = static_cast<std::ptrdiff_t>(static_cast<double>(sorted.size() - 1) * 0.98);
  std::ranges::nth_element(sorted, sorted.begin() + rank);
  return sorted[static_cast<std::size_t>(rank)];
}

std::optional<double> tokens_per_second(const History& history, std::int64_t step,
                                        std::int64_t steps) {
  std::vector<double> times;
  for (std::int64_t at = std::max<std::int64_t>(0, step - steps + 1); at <= step; ++at) {
    const StepRecord* record = history.at(at);
    if (record && record->tokens.size() == 1) times.push_back(record->times.total_ms);
  }
  if (times.empty()) return std::nullopt;
  const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
  std::ranges::nth_element(times, middle);
  return *middle > 0 ? std::optional(1000 / *middle) : std::nullopt;
}

DataTable times_data(const History& history, const LiveState& state) {
  StepSeries publishing;
  for (std::size_t step = 0; step < history.size(); ++step) {
    const auto took = publish_ms_after(state, static_cast<std::int64_t>(step));
    publishing.push_back(took.value_or(kMissing));
  }
  NamedSeries series = named_series(history.figures<PhaseTimes>());
  series.emplace_back("publish_ms", &publishing);
  return series_data(history, series);
}

}  // namespace sketchscope
