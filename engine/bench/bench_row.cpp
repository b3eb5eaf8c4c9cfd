#include "engine/bench/bench_row.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <string_view>

#include "engine/core/error.hpp"
#include "engine/core/timing.hpp"
#include "engine/schedule/run_totals.hpp"
#include "kernels/cuda_device.hpp"
#include "kernels/machine.hpp"

namespace sketchscope::bench {
namespace {

// Much larger than any processor cache, as the weights of a model are.
constexpr std::size_t kNumbersRead = std::size_t{64} << 20;
// About ten milliseconds of arithmetic.
constexpr std::int64_t kRounds = 1 << 20;

std::string cpu_name() {
  constexpr std::string_view kLabel = "model name";
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    const std::size_t colon = line.find(": ");
    if (line.starts_with(kLabel) && colon != std::string::npos) return line.substr(colon + 2);
  }
  return "unknown";
}

}  // namespace

MachineProbe::MachineProbe(int threads) : pool_(threads), memory_(kNumbersRead, 1.0F) {}

void MachineProbe::measure() {
  core::Stopwatch watch;
  const float sum = kernels::read_once(pool_, memory_);
  const double read_ms = watch.lap_ms();
  const double operations = kernels::multiply_add_rounds(pool_, kRounds);
  const double arithmetic_ms = watch.lap_ms();
  if (!std::isfinite(sum))
    throw core::Error("the memory that the benchmark reads changed by itself");
  gb_per_s_.push_back(static_cast<double>(memory_.size() * sizeof(float)) / (read_ms * 1e6));
  gflop_per_s_.push_back(operations / (arithmetic_ms * 1e6));
}

MachineSpeed MachineProbe::speed() const {
  MachineSpeed speed{.cpu = cpu_name(),
                     .threads = pool_.threads(),
                     .read_gb_per_s = schedule::percentile(gb_per_s_, 0.5).value(),
                     .gflop_per_s = schedule::percentile(gflop_per_s_, 0.5).value()};
  if (const auto gpu = kernels::cuda_device()) speed.gpu = gpu->name;
  return speed;
}

double Timings::median() const {
  return schedule::percentile(times_, 0.5).value();
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

}  // namespace sketchscope::bench
