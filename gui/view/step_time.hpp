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

/// What a step's time is split into, in the order in which it is stacked. All but the last are
/// parts of the step itself; publishing follows it, where somebody looks.
inline constexpr std::array<std::string_view, 6> kTimeParts = {
    "model", "attention", "policy and sketch", "audit", "records", "publishing"};

/// Milliseconds by part, as kTimeParts.
std::array<double, kTimeParts.size()> time_parts(const PhaseTimes& times, double publish_ms = 0);

/// Each part over the steps, on top of those before it. Takes in what is new.
class StackedTimes {
 public:
  /// `publish_ms` is by step; steps that it lacks took none.
  void update(const History& history, std::span<const double> publish_ms = {});
  /// The sum of the parts up to and including `part`, by step.
  [[nodiscard]] const StepSeries& up_to(std::size_t part) const { return sums_[part]; }

 private:
  std::array<StepSeries, kTimeParts.size()> sums_;
  std::uint64_t generation_ = 0;
};

/// The least value that all but a fiftieth of `values` do not exceed: where an axis ends that a
/// single slow step must not flatten. 0 without values.
double usual_maximum(std::span<const double> values);

/// Tokens a second at the median step up to and including `step`, over at most `steps` of them;
/// empty before a step that fed one token.
std::optional<double> tokens_per_second(const History& history, std::int64_t step,
                                        std::int64_t steps);

/// Milliseconds of every part, a row for each step; publishing where the state has it.
DataTable times_data(const History& history, const LiveState& state);

}  // namespace sketchscope
