#pragma once

#include <string>
#include <vector>

#include "engine/bench/machine_probe.hpp"

namespace sketchscope {

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

}  // namespace sketchscope
