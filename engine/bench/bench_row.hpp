#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/trace/machine_speed.hpp"

namespace sketchscope::bench {

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
  double bytes = 0;            ///< least memory traffic
  double operations = 0;       ///< floating-point; a multiply-add counts as two
  bool one_operation = false;  ///< of a step, whose bound tells more than the shares of the whole
};

/// Returns the bandwidth as a share of that of a plain read loop.
double bandwidth_share(const BenchRow& row, const trace::MachineSpeed& machine);
/// Returns the arithmetic rate as a share of that of multiply-adds on registers.
double arithmetic_share(const BenchRow& row, const trace::MachineSpeed& machine);

/// Returns the least time that memory and arithmetic allow as a share of the time taken; empty
/// where neither bytes nor operations were counted.
std::optional<double> bound_share(const BenchRow& row, const trace::MachineSpeed& machine);
/// Returns what that least time is limited by, "memory" or "arithmetic"; empty likewise.
std::string bound_name(const BenchRow& row, const trace::MachineSpeed& machine);

}  // namespace sketchscope::bench
