#pragma once

#include <functional>
#include <vector>

#include "engine/bench/bench_row.hpp"

namespace sketchscope {

/// One piece of work, repeated until it can be timed; its times go into the row.
struct KernelCase {
  BenchRow row;
  std::function<void()> work;
};

/// Times all cases by Google Benchmark, their repetitions in random order. One caller at a time.
std::vector<BenchRow> run_kernel_cases(std::vector<KernelCase> cases, int repetitions,
                                       MachineProbe& machine);

/// Decode attention over pages: stored formats × lanes, each lane with pages of its own, and 20
/// lanes that share those of their first 500 tokens.
std::vector<BenchRow> bench_attention(int threads, int repetitions, MachineProbe& machine);

/// One step's update and one query of every stored position, per kind of sketch: 256 positions in a
/// table of 512 × 4.
std::vector<BenchRow> bench_sketches(int repetitions, MachineProbe& machine);

}  // namespace sketchscope
