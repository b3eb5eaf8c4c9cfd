#include "gui/view/step_costs.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "gui/plot/value_format.hpp"
#include "gui/view/panel_data.hpp"

namespace sketchscope::view {
namespace {

// NaN means no cap, so that two layers without a cap are equal.
bool alike(std::span<const double> a, std::span<const double> b) {
  return std::ranges::equal(
      a, b, [](double x, double y) { return x == y || (std::isnan(x) && std::isnan(y)); });
}

/// Returns whether two layers store as much and may store as much from step `first` on.
bool alike(const LayerHistory& a, const LayerHistory& b, std::size_t first) {
  const auto same = [&](const StepSeries& one, const StepSeries& other) {
    return alike(std::span(one).subspan(first), std::span(other).subspan(first));
  };
  return same(a.series<&record::LayerRecord::stored>(), b.series<&record::LayerRecord::stored>()) &&
         same(a.series<&record::LayerRecord::capacity>(),
              b.series<&record::LayerRecord::capacity>());
}

std::string layer_names(const std::vector<int>& layers) {
  std::string names;
  for (std::size_t first = 0; first < layers.size();) {
    std::size_t last = first;
    while (last + 1 < layers.size() && layers[last + 1] == layers[last] + 1) ++last;
    if (!names.empty()) names += ", ";
    names += "L" + std::to_string(layers[first]);
    if (last > first) names += " to L" + std::to_string(layers[last]);
    first = last + 1;
  }
  return names;
}

}  // namespace

std::array<MemoryPart, 5> memory_parts(const record::MemoryLedger& ledger) {
  return {{
      {.name = "KV stored", .bytes = static_cast<double>(ledger.kv_stored)},
      {.name = "sketch", .bytes = static_cast<double>(ledger.sketch)},
      {.name = "exact statistics", .bytes = static_cast<double>(ledger.statistics)},
      {.name = "tail summary", .bytes = static_cast<double>(ledger.tail)},
      {.name = "audit", .bytes = static_cast<double>(ledger.audit), .of_policy = false},
  }};
}

double policy_bytes(const record::MemoryLedger& ledger) {
  double bytes = 0;
  for (const auto& part : memory_parts(ledger)) bytes += part.of_policy ? part.bytes : 0;
  return bytes;
}

double memory_saving(const record::MemoryLedger& ledger) {
  if (ledger.kv_full == 0) return plot::kMissing;
  return 1 - policy_bytes(ledger) / static_cast<double>(ledger.kv_full);
}

MemoryPeak memory_peak(const History& history, std::int64_t step) {
  const StepSeries& bytes = history.policy_bytes();
  const auto end = std::clamp<std::ptrdiff_t>(step + 1, 0, std::ssize(bytes));
  const auto peak = std::max_element(bytes.begin(), bytes.begin() + end);
  if (end == 0 || *peak == 0) return {};
  return {peak - bytes.begin(), *peak};
}

std::array<double, kTimeParts.size()> time_parts(const record::PhaseTimes& times,
                                                 double publish_ms) {
  return {times.linear_ms, times.attention_ms, times.policy_ms,
          times.audit_ms,  times.record_ms,    publish_ms};
}

void StackedTimes::update(const History& history, std::span<const double> publish_ms) {
  stacked_.update(history,
                  [](const record::StepRecord& record) { return time_parts(record.times); });
  whole_ = stacked_.up_to(kTimeParts.size() - 1);
  const std::size_t known = std::min(whole_.size(), publish_ms.size());
  for (std::size_t step = 0; step < known; ++step) whole_[step] += publish_ms[step];
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
    const record::StepRecord* record = history.at(at);
    if (record && record->tokens.size() == 1) times.push_back(record->times.total_ms);
  }
  if (times.empty()) return std::nullopt;
  const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
  std::ranges::nth_element(times, middle);
  return *middle > 0 ? std::optional(1000 / *middle) : std::nullopt;
}

DataTable times_data(const History& history, const run::LiveState& state) {
  StepSeries publishing;
  for (std::size_t step = 0; step < history.size(); ++step) {
    const auto took = run::publish_ms_after(state, static_cast<std::int64_t>(step));
    publishing.push_back(took.value_or(plot::kMissing));
  }
  NamedSeries series = named_series(history.figures<record::PhaseTimes>());
  series.emplace_back("publish_ms", &publishing);
  return series_data(history, series);
}

std::vector<StoredCurve> stored_curves(const History& history) {
  std::vector<StoredCurve> curves;
  const auto layers = history.layers();
  for (std::size_t layer = 0; layer < layers.size(); ++layer) {
    const auto same = std::ranges::find_if(curves, [&](const StoredCurve& curve) {
      return alike(layers[static_cast<std::size_t>(curve.layers.front())], layers[layer], 0);
    });
    if (same == curves.end()) {
      curves.push_back({.layers = {static_cast<int>(layer)}, .name = {}});
    } else {
      same->layers.push_back(static_cast<int>(layer));
    }
  }
  for (StoredCurve& curve : curves) {
    curve.name = curves.size() == 1 ? "all layers" : layer_names(curve.layers);
  }
  return curves;
}

bool stay_alike(std::span<const StoredCurve> curves, const History& history, std::size_t first) {
  const auto layer_of = [&](int layer) -> const LayerHistory& {
    return history.layers()[static_cast<std::size_t>(layer)];
  };
  return std::ranges::all_of(curves, [&](const StoredCurve& curve) {
    return std::ranges::all_of(curve.layers, [&](int layer) {
      return alike(layer_of(curve.layers.front()), layer_of(layer), first);
    });
  });
}

StoredRange stored_range(const record::StepRecord& record) {
  if (record.layers.empty()) return {};
  StoredRange range{record.layers.front().stored, record.layers.front().stored};
  for (const record::LayerRecord& layer : record.layers) {
    range.least = std::min(range.least, layer.stored_least.value_or(layer.stored));
    range.most = std::max(range.most, layer.stored_most.value_or(layer.stored));
  }
  return range;
}

DataTable stored_data(const History& history) {
  std::vector<std::pair<std::string, const StepSeries*>> series;
  for (std::size_t layer = 0; layer < history.layers().size(); ++layer) {
    const std::string name = "layer_" + std::to_string(layer);
    series.emplace_back(name + "_stored",
                        &history.layers()[layer].series<&record::LayerRecord::stored>());
    series.emplace_back(name + "_capacity",
                        &history.layers()[layer].series<&record::LayerRecord::capacity>());
  }
  return series_data(history, series);
}

}  // namespace sketchscope::view
