#pragma once

#include <functional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "cli/common_options.hpp"
#include "engine/bench/bench_row.hpp"
#include "engine/core/trace.hpp"

namespace sketchscope {

/// What was asked for on the command line; 0 or nothing means the kind's own default.
struct BenchRequest {
  std::vector<int> lanes;
  int context = 0;
  int rounds = 0;
  std::string shape = "all";
};

/// What one benchmark works with.
struct BenchRun {
  const CommonOptions& common;
  const BenchRequest& request;
  MachineProbe& machine;
  Trace* trace = nullptr;
  std::stop_token stop;
};

struct BenchKind {
  std::string_view name;
  std::string_view help;
  std::vector<BenchRow> (*run)(const BenchRun&);
};

/// All benchmarks of this build.
std::vector<BenchKind> bench_kinds();
/// Of a name that is in the list.
BenchKind bench_kind(std::string_view name);
/// Those of the window; empty in a build without one.
std::span<const BenchKind> window_bench_kinds();

}  // namespace sketchscope
