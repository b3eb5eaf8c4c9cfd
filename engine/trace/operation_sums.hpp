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
};

/// Returns the means over steps; all zero over none.
StepMeans mean_of(std::span<const StepTracePointer> steps);

}  // namespace sketchscope::trace
