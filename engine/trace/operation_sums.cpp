#include "engine/trace/operation_sums.hpp"

#include <cstddef>

namespace sketchscope::trace {
namespace {

// The time in which other threads than the calling one ran parts.
double helpers_busy_ms(const StepTrace& trace) {
  double busy = 0;
  for (const BusySpan& span : trace.busy) {
    busy += milliseconds(span.duration_ns());
  }
  return busy;
}

}  // namespace

StepMeans mean_of(std::span<const StepTracePointer> steps) {
  StepMeans means{.steps = std::ssize(steps)};
  if (steps.empty()) return means;
  std::vector<OperationMean> sums(operations().size());
  double in_operations_ms = 0;
  double busy_ms = 0;
  double thread_ms = 0;
  for (const StepTracePointer& step : steps) {
    for (const OperationSpan& span : step->spans) {
      OperationMean& sum = sums[static_cast<std::size_t>(span.operation)];
      const double ms = milliseconds(span.duration_ns());
      sum.calls += 1;
      sum.ms += ms;
      sum.bytes += static_cast<double>(span.work.bytes);
      sum.multiply_adds += static_cast<double>(span.work.multiply_adds);
      if (!kind_of(span.operation).within) in_operations_ms += ms;
    }
    means.ms += milliseconds(step->duration_ns);
    thread_ms += milliseconds(step->duration_ns) * step->threads;
    busy_ms += helpers_busy_ms(*step);
  }
  const auto count = static_cast<double>(steps.size());
  means.other_ms = (means.ms - in_operations_ms) / count;
  means.ms /= count;
  if (thread_ms > 0) means.busy_share = (in_operations_ms + busy_ms) / thread_ms;
  for (std::size_t i = 0; i < sums.size(); ++i) {
    OperationMean sum = sums[i];
    if (sum.calls == 0) continue;
    means.operations.push_back({.operation = operations()[i].operation,
                                .calls = sum.calls / count,
                                .ms = sum.ms / count,
                                .bytes = sum.bytes / count,
                                .multiply_adds = sum.multiply_adds / count});
  }
  return means;
}

}  // namespace sketchscope::trace
