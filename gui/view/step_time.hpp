#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "engine/run/live_state.hpp"
#include "gui/view/data_table.hpp"
#include "gui/view/history.hpp"

namespace sketchscope {

/// The parts of a step's time in stacking order. All but the last are parts of the step itself;
/// publishing follows it if the state is read.
inline constexpr std::array<std::string_view, 6> kTimeParts = {
    "model", "attention", "policy and sketch", "audit", "records", "publishing"};

/// Returns milliseconds by part, in the order of kTimeParts.
std::array<double, kTimeParts.size()> time_parts(const PhaseTimes& times, double publish_ms = 0);

/// The cumulative sums of the parts over steps, updated incrementally.
class StackedTimes {
 public:
  /// Adds new steps. `publish_ms` is by step; missing steps count as 0.
  void update(const History& history, std::span<const double> publish_ms = {});
  /// Returns the sum of the parts up to and including `part`, by step.
  [[nodiscard]] const StepSeries& up_to(std::size_t part) const { return sums_[part]; }

 private:
  std::array<StepSeries, kTimeParts.size()> sums_;
  std::uint64_t generation_ = 0;
};

/// Returns the 98th percentile of `values`, for axes that a single slow step must not flatten; 0
/// without values.
double usual_maximum(std::span<const double> values);

/// Returns the tokens per second of the median step among the last `steps` steps up to and
/// including `step`; empty before a decode step.
std::optional<double> tokens_per_second(const History& history, std::int64_t step,
                                        std::int64_t steps);

/// Returns the milliseconds of every part, one row per step.
DataTable times_data(const History& history, const LiveState& state);

}  // namespace sketchscope
