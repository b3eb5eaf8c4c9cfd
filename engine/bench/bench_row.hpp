#pragma once

#include <optional>
#include <string>
#include <vector>

#include "kernels/parallel.hpp"

namespace sketchscope::bench {

/// The machine of a benchmark and its peak rates during the run.
struct MachineSpeed {
  std::string cpu;
  int threads = 1;
  std::optional<std::string> gpu;
  double read_gb_per_s = 0;  ///< of a plain read loop
  double gflop_per_s = 0;    ///< of multiply-adds on registers
};

/// Measures bandwidth and arithmetic between the rounds of a benchmark, so that both are measured
/// under the same load of the machine.
class MachineProbe {
 public:
  explicit MachineProbe(int threads);
  void measure();
  /// Returns the medians so far. At least one measurement must have been made.
  [[nodiscard]] MachineSpeed speed() const;

 private:
  kernels::ThreadPool pool_;
  std::vector<float> memory_;
  std::vector<double> gb_per_s_;
  std::vector<double> gflop_per_s_;
};

/// The durations of all repetitions of one piece of work, milliseconds.
class Timings {
 public:
  void add(double milliseconds) { times_.push_back(milliseconds); }
  [[nodiscard]] bool empty() const { return times_.empty(); }
  /// Returns the median. At least one duration must have been added.
  [[nodiscard]] double median() const;
  [[nodiscard]] double minimum() const;

 private:
  std::vector<double> times_;
};

/// One row of a benchmark. An empty text or 0 means that the field does not apply.
struct BenchRow {
  std::string what;
  int lanes = 0;
  std::string dtype;
  int context = 0;
  std::string policy;
  Timings times;
  double bytes = 0;       ///< least memory traffic
  double operations = 0;  ///< floating-point; a multiply-add counts as two
};

/// Returns the bandwidth as a share of that of a plain read loop.
double bandwidth_share(const BenchRow& row, const MachineSpeed& machine);
/// Returns the arithmetic rate as a share of that of multiply-adds on registers.
double arithmetic_share(const BenchRow& row, const MachineSpeed& machine);

}  // namespace sketchscope::bench
