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

void add(const OperationMean& other, OperationMean& sum) {
  sum.calls += other.calls;
  sum.ms += other.ms;
  sum.bytes += other.bytes;
  sum.multiply_adds += other.multiply_adds;
}

OperationMean sum_of(const OperationSpan& span) {
  return {.calls = 1,
          .ms = milliseconds(span.duration_ns()),
          .bytes = static_cast<double>(span.work.bytes),
          .multiply_adds = static_cast<double>(span.work.multiply_adds)};
}

/// Returns the means of what ran, in the table's order.
std::vector<OperationMean> means_of(std::span<const OperationMean> sums, double steps) {
  std::vector<OperationMean> means;
  for (std::size_t i = 0; i < sums.size(); ++i) {
    const OperationMean& sum = sums[i];
    if (sum.calls == 0) continue;
    means.push_back({.operation = operations()[i].operation,
                     .calls = sum.calls / steps,
                     .ms = sum.ms / steps,
                     .bytes = sum.bytes / steps,
                     .multiply_adds = sum.multiply_adds / steps});
  }
  return means;
}

}  // namespace

StepSums sums_of(const StepTrace& step) {
  const double ms = milliseconds(step.duration_ns);
  StepSums all{.ms = ms,
               .busy_ms = helpers_busy_ms(step),
               .thread_ms = ms * step.threads,
               .sums = std::vector<OperationMean>(operations().size())};
  for (const OperationSpan& span : step.spans) {
    const OperationMean sum = sum_of(span);
    add(sum, all.sums[static_cast<std::size_t>(span.operation)]);
    if (!kind_of(span.operation).within) all.in_operations_ms += sum.ms;
  }
  if (!step.on_device.empty()) all.on_device.resize(operations().size());
  for (const OperationSpan& span : step.on_device) {
    add(sum_of(span), all.on_device[static_cast<std::size_t>(span.operation)]);
  }
  return all;
}

StepMeans mean_of(std::span<const StepSums* const> steps) {
  StepMeans means{.steps = std::ssize(steps)};
  if (steps.empty()) return means;
  std::vector<OperationMean> sums(operations().size());
  std::vector<OperationMean> on_device(operations().size());
  double in_operations_ms = 0;
  double busy_ms = 0;
  double thread_ms = 0;
  for (const StepSums* step : steps) {
    for (std::size_t i = 0; i < sums.size(); ++i) add(step->sums[i], sums[i]);
    for (std::size_t i = 0; i < step->on_device.size(); ++i) add(step->on_device[i], on_device[i]);
    means.ms += step->ms;
    in_operations_ms += step->in_operations_ms;
    thread_ms += step->thread_ms;
    busy_ms += step->busy_ms;
  }
  const auto count = static_cast<double>(steps.size());
  means.other_ms = (means.ms - in_operations_ms) / count;
  means.ms /= count;
  if (thread_ms > 0) means.busy_share = (in_operations_ms + busy_ms) / thread_ms;
  means.operations = means_of(sums, count);
  means.on_device = means_of(on_device, count);
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
