#pragma once

#include <functional>
#include <stop_token>
#include <vector>

#include "engine/bench/bench_row.hpp"

namespace sketchscope::bench {

/// One piece of work that is repeated until it can be timed, and the row that receives its times.
struct KernelCase {
  BenchRow row;
  std::function<void()> work;
};

/// Times all cases with Google Benchmark, repetitions in random order. A stop leaves the rows that
/// have times. Not reentrant.
std::vector<BenchRow> run_kernel_cases(std::vector<KernelCase> cases, int repetitions,
                                       trace::MachineProbe& machine, const std::stop_token& stop);

/// Times paged decode attention for all stored formats × numbers of lanes with separate pages, and
/// for 20 lanes that share the pages of their first 500 tokens.
std::vector<BenchRow> bench_attention(int threads, int repetitions, trace::MachineProbe& machine,
                                      const std::stop_token& stop);

/// Times, for each kind of sketch, one step's update and one query of every stored position: 256
/// positions in a table of 512 × 4.
std::vector<BenchRow> bench_sketches(int repetitions, trace::MachineProbe& machine,
                                     const std::stop_token& stop);

}  // namespace sketchscope::bench
