#pragma once

#include <functional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "cli/common_options.hpp"
#include "engine/bench/bench_row.hpp"
#include "engine/trace/chrome_trace.hpp"

namespace sketchscope::cli {

/// The options of the command line; 0 or empty means the benchmark's default.
struct BenchRequest {
  std::vector<int> lanes;
  int context = 0;
  int rounds = 0;
  std::string shape = "all";
};

/// The inputs of one benchmark.
struct BenchRun {
  const CommonOptions& common;
  const BenchRequest& request;
  trace::MachineProbe& machine;
  trace::ChromeTraceWriter* writer = nullptr;  ///< receives every step; may be null
  std::stop_token stop;
};

/// A benchmark: its name in the command line and the function that runs it.
struct BenchKind {
  std::string_view name;
  std::string_view help;
  std::vector<bench::BenchRow> (*run)(const BenchRun&);
};

/// Returns all benchmarks of this build.
std::vector<BenchKind> bench_kinds();
/// Returns the benchmark of a name, which must exist.
BenchKind bench_kind(std::string_view name);
/// Returns the benchmarks of the window; empty in a build without a window.
std::span<const BenchKind> window_bench_kinds();

}  // namespace sketchscope::cli
