#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gui/view/data_table.hpp"
#include "gui/view/history.hpp"
#include "gui/view/step_axis.hpp"
#include "gui/view/token_text.hpp"

namespace sketchscope::view {

/// A series of a run with the name that tables and scripts give it: "logit_kl", "total_ms",
/// "memory.kv_stored", "layer.0.retained_mass".
struct RunSeries {
  std::string name;
  const StepSeries* values = nullptr;  ///< never null
};
/// Returns all series of a run: figures of steps, times, memory, evictions, then those of the
/// layers.
std::vector<RunSeries> all_series(const History& history);

/// Steps of a run, both ends included.
struct StepSpan {
  std::int64_t first = 0;
  std::int64_t last = -1;  ///< before `first` if there are none
  [[nodiscard]] std::int64_t size() const { return last - first + 1; }
};
/// Returns the steps of a run of `steps` steps that lie in a range of its axis.
StepSpan steps_in(const StepRange& range, std::int64_t steps);

/// The distribution of the values that were measured.
struct Statistics {
  std::size_t count = 0;  ///< of values; the others are meaningless if it is 0
  double sum = 0;
  double mean = 0;
  double least = 0;
  double median = 0;  ///< nearest rank, as the other percentiles
  double p95 = 0;
  double most = 0;
  std::int64_t step_of_most = 0;  ///< the first step with the largest value
};
/// Returns the statistics of a series at these steps.
Statistics statistics_of(const StepSeries& values, const StepSpan& steps);

/// Returns whether a series has a value at any of these steps.
bool is_measured(const StepSeries& values, const StepSpan& steps);

/// The statistics of one series over steps that move on with a run: a further step costs no sort.
class MovingStatistics {
 public:
  /// Returns statistics_of(values, steps). `generation` changes when earlier values were replaced
  /// (History::generation).
  Statistics of(const StepSeries& values, StepSpan steps, std::uint64_t generation);

 private:
  void remove(const StepSeries& values, const StepSpan& steps);
  void add(const StepSeries& values, const StepSpan& steps);

  std::uint64_t generation_ = 0;
  StepSpan steps_;
  std::vector<double> ascending_;  ///< the measured values of steps_
};

/// A kind of statistic, such as "p95".
struct StatisticKind {
  std::string_view name;
  double (*of)(const Statistics& statistics);
};
/// Returns mean, median, p95, min, max, sum and count.
std::span<const StatisticKind> statistic_kinds();

/// The perplexity of the tokens of a range of steps: of those that were given, if any were, else of
/// those that the lane drew.
struct RangePerplexity {
  int tokens = 0;
  bool given = false;
  std::optional<double> lane;
  std::optional<double> twin;
};
RangePerplexity perplexity_in(const History& history, const StepSpan& steps);

/// The perplexity of steps to which a run adds: only those that came are read.
class GrowingPerplexity {
 public:
  /// Returns perplexity_in(history, steps).
  RangePerplexity of(const History& history, const StepSpan& steps);

 private:
  void add(const record::StepRecord& record);

  std::uint64_t generation_ = 0;
  StepSpan steps_;
  RangePerplexity found_;  ///< without its means
  double lane_ = 0;        ///< sum of losses
  double twin_ = 0;
  int twins_ = 0;  ///< tokens of which twin_ is the sum
};

/// The positions that left in a range of steps.
struct Departures {
  struct Reason {
    record::EvictionReason reason;
    std::int64_t evictions = 0;
  };
  std::int64_t evictions = 0;
  std::int64_t degenerate = 0;
  std::vector<Reason> reasons;  ///< most frequent first, without those that did not occur
  std::vector<int> by_layer;    ///< evictions of each layer
  std::vector<int> positions;   ///< that left any table, ascending
};
Departures departures_in(const History& history, const StepSpan& steps);

/// The departures of steps that move on with a run: only steps that come and go are read.
class MovingDepartures {
 public:
  /// Returns departures_in(history, steps).
  Departures of(const History& history, const StepSpan& steps);

 private:
  /// Counts the evictions of these steps, or takes them off with a `sign` of −1.
  void count(const History& history, const StepSpan& steps, int sign);

  std::uint64_t generation_ = 0;
  StepSpan steps_;
  Departures sums_;  ///< without reasons and positions
  std::map<record::EvictionReason, std::int64_t> reasons_;
  std::vector<int> departures_of_;  ///< by position
};

/// Returns a row for every series that was measured in the range, with all statistics and the step
/// of the largest value. A perplexity has a mean and a count alone.
DataTable range_data(const History& history, const StepSpan& steps);

}  // namespace sketchscope::view
