#include "engine/trace/machine_speed.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <string_view>

#include "engine/core/error.hpp"
#include "engine/core/timing.hpp"
#include "kernels/cuda_device.hpp"
#include "kernels/machine.hpp"

namespace sketchscope::trace {
namespace {

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

// The lower one of the middle two, as the percentiles of runs are.
double median(std::vector<double> values) {
  const auto middle = values.begin() + (std::ssize(values) - 1) / 2;
  std::ranges::nth_element(values, middle);
  return *middle;
}

}  // namespace

std::optional<Bound> bound_of(const Work& work, const MachineSpeed& machine) {
  if (machine.read_gb_per_s <= 0 || machine.gflop_per_s <= 0) return std::nullopt;
  if (work.bytes <= 0 && work.multiply_adds <= 0) return std::nullopt;
  const double memory_ms = static_cast<double>(work.bytes) / (machine.read_gb_per_s * 1e6);
  const double arithmetic_ms =
      2.0 * static_cast<double>(work.multiply_adds) / (machine.gflop_per_s * 1e6);
  return Bound{.ms = std::max(memory_ms, arithmetic_ms), .by_memory = memory_ms >= arithmetic_ms};
}

std::optional<double> share_of_bound(const Work& work, double ms, const MachineSpeed& machine) {
  const std::optional<Bound> bound = bound_of(work, machine);
  if (!bound || !(ms > 0)) return std::nullopt;
  return bound->ms / ms;
}

MachineProbe::MachineProbe(int threads, std::size_t numbers_read)
    : pool_(threads), memory_(numbers_read, 1.0F) {}

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
                     .read_gb_per_s = median(gb_per_s_),
                     .gflop_per_s = median(gflop_per_s_)};
  if (const auto gpu = kernels::cuda_device()) speed.gpu = gpu->name;
  return speed;
}

MachineSpeed quick_machine_speed(int threads) {
  // Small beside the process, and larger than most caches.
  constexpr std::size_t kNumbersRead = std::size_t{32} << 20;
  constexpr int kMeasurements = 3;
  MachineProbe probe(threads, kNumbersRead);
  for (int i = 0; i < kMeasurements; ++i) probe.measure();
  return probe.speed();
}

}  // namespace sketchscope::trace
