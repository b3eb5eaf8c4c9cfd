#include "engine/bench/bench_row.hpp"

#include <algorithm>

#include "engine/schedule/run_totals.hpp"

namespace sketchscope {

double Timings::median() const {
  return percentile(times_, 0.5).value();
}

double Timings::minimum() const {
  return std::ranges::min(times_);
}

double bandwidth_share(const BenchRow& row, const MachineSpeed& machine) {
  return row.bytes / (row.times.median() * 1e6) / machine.read_gb_per_s;
}

double arithmetic_share(const BenchRow& row, const MachineSpeed& machine) {
  return row.operations / (row.times.median() * 1e6) / machine.gflop_per_s;
}

}  // namespace sketchscope
