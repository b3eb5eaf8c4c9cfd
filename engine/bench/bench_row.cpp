#include "engine/bench/bench_row.hpp"

#include <algorithm>

#include "engine/schedule/run_totals.hpp"

namespace sketchscope::bench {

double Timings::median() const {
  return schedule::percentile(times_, 0.5).value();
}

double Timings::minimum() const {
  return std::ranges::min(times_);
}

double bandwidth_share(const BenchRow& row, const trace::MachineSpeed& machine) {
  return row.bytes / (row.times.median() * 1e6) / machine.read_gb_per_s;
}

double arithmetic_share(const BenchRow& row, const trace::MachineSpeed& machine) {
  return row.operations / (row.times.median() * 1e6) / machine.gflop_per_s;
}

namespace {

trace::Work work_of(const BenchRow& row) {
  return {.bytes = static_cast<std::int64_t>(row.bytes),
          .multiply_adds = static_cast<std::int64_t>(row.operations / 2)};
}

}  // namespace

std::optional<double> bound_share(const BenchRow& row, const trace::MachineSpeed& machine) {
  return trace::share_of_bound(work_of(row), row.times.median(), machine);
}

std::string bound_name(const BenchRow& row, const trace::MachineSpeed& machine) {
  const auto bound = trace::bound_of(work_of(row), machine);
  if (!bound) return {};
  return bound->by_memory ? "memory" : "arithmetic";
}

}  // namespace sketchscope::bench
