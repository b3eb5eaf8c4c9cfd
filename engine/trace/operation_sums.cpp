#include "engine/trace/operation_sums.hpp"

#include <cstddef>
#include <utility>

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

StepSums sums_of(const StepTrace& step) {
  const double ms = milliseconds(step.duration_ns);
  StepSums all{.ms = ms,
               .busy_ms = helpers_busy_ms(step),
               .thread_ms = ms * step.threads,
               .sums = std::vector<OperationMean>(operations().size())};
  for (const OperationSpan& span : step.spans) {
    OperationMean& sum = all.sums[static_cast<std::size_t>(span.operation)];
    const double span_ms = milliseconds(span.duration_ns());
    sum.calls += 1;
    sum.ms += span_ms;
    sum.bytes += static_cast<double>(span.work.bytes);
    sum.multiply_adds += static_cast<double>(span.work.multiply_adds);
    if (!kind_of(span.operation).within) all.in_operations_ms += span_ms;
  }
  return all;
}

StepMeans mean_of(std::span<const StepSums* const> steps) {
  StepMeans means{.steps = std::ssize(steps)};
  if (steps.empty()) return means;
  std::vector<OperationMean> sums(operations().size());
  double in_operations_ms = 0;
  double busy_ms = 0;
  double thread_ms = 0;
  for (const StepSums* step : steps) {
    for (std::size_t i = 0; i < sums.size(); ++i) {
      sums[i].calls += step->sums[i].calls;
      sums[i].ms += step->sums[i].ms;
      sums[i].bytes += step->sums[i].bytes;
      sums[i].multiply_adds += step->sums[i].multiply_adds;
    }
    means.ms += step->ms;
    in_operations_ms += step->in_operations_ms;
    thread_ms += step->thread_ms;
    busy_ms += step->busy_ms;
  }
  const auto count = static_cast<double>(steps.size());
  means.other_ms = (means.ms - in_operations_ms) / count;
  means.ms /= count;
  if (thread_ms > 0) means.busy_share = (in_operations_ms + busy_ms) / thread_ms;
  for (std::size_t i = 0; i < sums.size(); ++i) {
    const OperationMean& sum = sums[i];
    if (sum.calls == 0) continue;
    means.operations.push_back({.operation = operations()[i].operation,
                                .calls = sum.calls / count,
                                .ms = sum.ms / count,
                                .bytes = sum.bytes / count,
                                .multiply_adds = sum.multiply_adds / count});
  }
  return means;
}

StepMeans mean_of(std::span<const StepTracePointer> steps) {
  return MovingMeans().of(steps);
}

StepMeans MovingMeans::of(std::span<const StepTracePointer> steps) {
  std::vector<Step> now;
  now.reserve(steps.size());
  auto known = steps_.begin();
  for (const StepTracePointer& trace : steps) {
    while (known != steps_.end() && known->trace->step < trace->step) ++known;
    const bool same = known != steps_.end() && known->trace == trace;
    now.push_back(same ? std::move(*known++) : Step{trace, sums_of(*trace)});
  }
  steps_ = std::move(now);
  std::vector<const StepSums*> sums;
  sums.reserve(steps_.size());
  for (const Step& step : steps_) sums.push_back(&step.sums);
  return mean_of(sums);
}

}  // namespace sketchscope::trace
