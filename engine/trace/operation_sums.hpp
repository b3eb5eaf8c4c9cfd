#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/trace/step_trace.hpp"

namespace sketchscope::trace {

/// What one operation took in the mean over some steps.
struct OperationMean {
  Operation operation = Operation::prepare;
  double calls = 0;  ///< a step
  double ms = 0;     ///< a step; of an operation within another one, summed over the lanes
  double bytes = 0;
  double multiply_adds = 0;

  [[nodiscard]] Work work() const {
    return {.bytes = static_cast<std::int64_t>(bytes),
            .multiply_adds = static_cast<std::int64_t>(multiply_adds)};
  }
};

/// Some steps by operation.
struct StepMeans {
  std::int64_t steps = 0;
  double ms = 0;          ///< a step, from its first operation to the end of its last
  double other_ms = 0;    ///< a step, between operations
  double busy_share = 0;  ///< of the threads' time, in which they ran operations
  std::vector<OperationMean> operations;  ///< those that ran, in the table's order
  std::vector<OperationMean> on_device;   ///< those that a device ran, likewise
};

/// The times and the work of one step's operations, summed.
struct StepSums {
  double ms = 0;                ///< from the first operation to the end of the last
  double in_operations_ms = 0;  ///< of the thread that makes the step
  double busy_ms = 0;           ///< of the helping threads
  double thread_ms = 0;         ///< the step's time, once for each thread
  /// One for each of operations(), also of those that did not run.
  std::vector<OperationMean> sums;
  std::vector<OperationMean> on_device;  ///< likewise; empty without a device
};
StepSums sums_of(const StepTrace& step);

/// Returns the means over steps; all zero over none.
StepMeans mean_of(std::span<const StepSums* const> steps);
StepMeans mean_of(std::span<const StepTracePointer> steps);

/// Means over steps that move on with a run: the operations of a step are summed once.
class MovingMeans {
 public:
  /// Returns mean_of(steps), which ascend by step.
  StepMeans of(std::span<const StepTracePointer> steps);

 private:
  struct Step {
    StepTracePointer trace;
    StepSums sums;
  };
  std::vector<Step> steps_;
};

}  // namespace sketchscope::trace
