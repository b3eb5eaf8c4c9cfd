#include "engine/bench/operation_rows.hpp"

#include <algorithm>
#include <functional>
#include <string>

#include "engine/trace/operation_sums.hpp"

namespace sketchscope::bench {
namespace {

std::string name_of(trace::Operation operation) {
  const trace::OperationKind& kind = trace::kind_of(operation);
  if (!kind.within) return std::string(kind.name);
  return std::string(trace::kind_of(*kind.within).name) + ": " + std::string(kind.name);
}

}  // namespace

std::vector<BenchRow> operation_rows(const BenchRow& step,
                                     std::span<const trace::StepTracePointer> steps) {
  std::vector<BenchRow> rows;
  for (const trace::OperationMean& mean : trace::mean_of(steps).operations) {
    BenchRow row = step;
    row.what = step.what + ": " + name_of(mean.operation);
    row.times = {};
    row.one_operation = true;
    row.bytes = mean.bytes;
    row.operations = 2 * mean.multiply_adds;
    for (const trace::StepTracePointer& one : steps) {
      double ms = 0;
      for (const trace::OperationSpan& span : one->spans) {
        if (span.operation == mean.operation) ms += trace::milliseconds(span.duration_ns());
      }
      row.times.add(ms);
    }
    rows.push_back(std::move(row));
  }
  std::ranges::stable_sort(rows, std::greater<>(),
                           [](const BenchRow& row) { return row.times.median(); });
  return rows;
}

}  // namespace sketchscope::bench
