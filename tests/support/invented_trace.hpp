#pragma once

#include <cstdint>

#include "engine/trace/step_trace.hpp"

namespace sketchscope::test {

/// The shape of a synthetic step taken apart.
struct InventedTraceOptions {
  int layers = 6;
  int threads = 2;
  bool evicts = true;
  bool audit = true;
  std::int64_t begin_ns = 0;
};

/// Returns a step whose operations follow one another as those of a real one do, with times that
/// depend on the options and the number of the step alone.
trace::StepTrace invented_trace(std::int64_t step, const InventedTraceOptions& options = {});

}  // namespace sketchscope::test
