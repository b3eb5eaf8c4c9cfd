#pragma once

#include <span>
#include <vector>

#include "engine/bench/bench_row.hpp"
#include "engine/trace/step_trace.hpp"

namespace sketchscope::bench {

/// Returns a row for each operation of some steps of one kind, the longest first: its time in each
/// step, and the bytes and operations of a step. A row is named after the step, "step: attention";
/// an operation that runs within another one after both, "step: update: statistics". The other
/// fields are those of `step`.
std::vector<BenchRow> operation_rows(const BenchRow& step,
                                     std::span<const trace::StepTracePointer> steps);

}  // namespace sketchscope::bench
