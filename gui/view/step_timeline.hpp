#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/run/live_state.hpp"
#include "engine/trace/operation_sums.hpp"
#include "gui/view/data_table.hpp"
#include "gui/view/step_axis.hpp"

namespace sketchscope::view {

/// A rectangle in the time line of a step.
struct TimelineBar {
  std::optional<trace::Operation> operation;  ///< empty if it stands for a whole layer
  int layer = -1;                             ///< −1: of no layer
  int row = -1;                               ///< of the pass; −1: all rows together
  double begin_ms = 0;
  double end_ms = 0;
  trace::Work work;     ///< of the operation; none for layers and helpers
  bool nested = false;  ///< lies within another operation
  bool bounded = true;  ///< by what was measured of the machine

  [[nodiscard]] double ms() const { return end_ms - begin_ms; }
};

/// One line of a time line.
struct TimelineLine {
  std::string name;
  std::vector<TimelineBar> bars;  ///< ascending by begin; nested ones after those around them
};

/// Returns the lines of a step from the top: its layers, the operations of the thread that makes
/// it, what each helping thread was busy with, and, where there is one, the GPU's operations.
std::vector<TimelineLine> timeline_lines(const trace::StepTrace& step);

/// Returns the name of a bar: its operation, or "layer 3".
std::string bar_name(const TimelineBar& bar);
/// Whether a bar has all words of a search: parts of its name, or "L3" for its layer. Every bar has
/// those of an empty search.
bool matches_search(const TimelineBar& bar, std::string_view search);

/// Returns the trace of a step; null if there is none.
const trace::StepTrace* trace_of_step(std::span<const trace::StepTracePointer> traces,
                                      std::int64_t step);
/// Returns the traces of the steps in a range, ascending.
std::vector<trace::StepTracePointer> traces_in(std::span<const trace::StepTracePointer> traces,
                                               StepRange range);

/// An operation in the table of a step's operations.
struct OperationRow {
  trace::OperationMean mean;
  double share = 0;                     ///< of the step's time
  std::optional<double> bound_share;    ///< least time by time taken; empty if unknown
  std::optional<bool> bound_by_memory;  ///< else by arithmetic
  std::optional<double> other_ms;       ///< the compared run's
  bool on_device = false;               ///< ran on the GPU, within the pass there

  /// Returns the operation within which this one ran; empty if it ran within none.
  [[nodiscard]] std::optional<trace::Operation> within() const {
    return on_device ? trace::Operation::device_pass : trace::kind_of(mean.operation).within;
  }
};

/// The operations of some steps as a table: the longest first, each followed by those within it.
struct OperationTable {
  trace::StepMeans own;
  std::optional<trace::StepMeans> other;  ///< of the compared run
  std::vector<OperationRow> rows;
};
/// `machine` may be null.
OperationTable operation_table(trace::StepMeans own, std::optional<trace::StepMeans> other,
                               const trace::MachineSpeed* machine);
/// Returns the table of these steps. `other` may be empty, and `machine` null.
OperationTable operation_table(std::span<const trace::StepTracePointer> own,
                               std::span<const trace::StepTracePointer> other,
                               const trace::MachineSpeed* machine);

/// The parts of a step's time and their names, as the chart of times has them.
struct StepPart {
  trace::Part part;
  std::string_view name;
};
inline constexpr std::array<StepPart, 5> kStepParts = {{{trace::Part::model, "model"},
                                                        {trace::Part::attention, "attention"},
                                                        {trace::Part::policy, "policy and sketch"},
                                                        {trace::Part::audit, "audit"},
                                                        {trace::Part::record, "records"}}};
/// Returns milliseconds by part in the mean of a step, in the order of kStepParts.
std::array<double, kStepParts.size()> ms_by_part(const OperationTable& table);

/// Returns the table's rows for a CSV file.
DataTable operation_data(const OperationTable& table);

}  // namespace sketchscope::view
