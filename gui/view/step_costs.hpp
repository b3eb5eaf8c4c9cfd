#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/record/step_record.hpp"
#include "engine/run/live_state.hpp"
#include "gui/view/data_table.hpp"
#include "gui/view/history.hpp"
#include "gui/view/stacked_series.hpp"

namespace sketchscope::view {

/// A category of the memory ledger for display as a bar or a list entry.
struct MemoryPart {
  std::string_view name;
  double bytes = 0;
  bool of_policy = true;  ///< false for bytes that only measure
};

/// Returns stored KV, sketch, exact statistics, tail summary and audit, in stacking order.
std::array<MemoryPart, 5> memory_parts(const record::MemoryLedger& ledger);

/// Returns the bytes of the compressed cache: everything except what only measures.
double policy_bytes(const record::MemoryLedger& ledger);
/// Returns 1 − policy bytes / full cache bytes; kMissing while the full cache is empty.
double memory_saving(const record::MemoryLedger& ledger);

/// The largest policy bytes up to and including a step, and the step at which it was reached.
struct MemoryPeak {
  std::int64_t step = -1;
  double bytes = 0;
};
MemoryPeak memory_peak(const History& history, std::int64_t step);

/// The parts of a step's time in stacking order. All but the last are parts of the step itself;
/// publishing follows it if the state is read.
inline constexpr std::array<std::string_view, 6> kTimeParts = {
    "model", "attention", "policy and sketch", "audit", "records", "publishing"};

/// Returns milliseconds by part, in the order of kTimeParts.
std::array<double, kTimeParts.size()> time_parts(const record::PhaseTimes& times,
                                                 double publish_ms = 0);

/// The cumulative sums of the parts over steps, updated incrementally.
class StackedTimes {
 public:
  /// Adds new steps. `publish_ms` is by step; missing steps count as 0.
  void update(const History& history, std::span<const double> publish_ms = {});
  /// Returns the sum of the parts up to and including `part`, by step.
  [[nodiscard]] const StepSeries& up_to(std::size_t part) const {
    return part + 1 == kTimeParts.size() ? whole_ : stacked_.up_to(part);
  }

 private:
  StackedSeries<kTimeParts.size()> stacked_;  // without publish times
  StepSeries whole_;                          // with them, which may come after their records
};

/// Returns the 98th percentile of `values`, for axes that a single slow step must not flatten; 0
/// without values.
double usual_maximum(std::span<const double> values);

/// Returns the tokens per second of the median step among the last `steps` steps up to and
/// including `step`; empty before a decode step.
std::optional<double> tokens_per_second(const History& history, std::int64_t step,
                                        std::int64_t steps);

/// Returns the milliseconds of every part, one row per step.
DataTable times_data(const History& history, const run::LiveState& state);

/// Layers whose stored positions and caps are equal at every step, which share a line.
struct StoredCurve {
  std::vector<int> layers;  ///< ascending
  std::string name;         ///< "all layers", "L3", "L0 to L2, L5"
};

/// Groups the layers into lines, so that equal lines do not hide each other.
std::vector<StoredCurve> stored_curves(const History& history);
/// Returns whether the layers that share a line go on being equal from step `first` on.
bool stay_alike(std::span<const StoredCurve> curves, const History& history, std::size_t first);

/// The least and the largest number of positions that a layer stored after a step; 0 without
/// layers.
struct StoredRange {
  int least = 0;
  int most = 0;
};
StoredRange stored_range(const record::StepRecord& record);

/// Returns stored positions and capacity of every layer, one row per step.
DataTable stored_data(const History& history);

}  // namespace sketchscope::view
