#pragma once

#include <string>
#include <vector>

#include "engine/bench/machine_probe.hpp"

namespace sketchscope {

/// How long one piece of work took each time it was repeated, milliseconds.
class Timings {
 public:
  void add(double milliseconds) { times_.push_back(milliseconds); }
  [[nodiscard]] bool empty() const { return times_.empty(); }
  /// Of at least one time.
  [[nodiscard]] double median() const;
  [[nodiscard]] double minimum() const;

 private:
  std::vector<double> times_;
};

/// One line of a benchmark. An empty word or a 0 is something this kind of work does not have.
struct BenchRow {
  std::string what;
  int lanes = 0;
  std::string dtype;
  int context = 0;
  std::string policy;
  Timings times;
  double bytes = 0;       ///< that memory must deliver at least
  double operations = 0;  ///< floating-point, a multiply-add counted as two
};

/// Bytes per time, as a share of what a plain read loop reached.
double bandwidth_share(const BenchRow& row, const MachineSpeed& machine);
/// Operations per time, as a share of what registers alone reached.
double arithmetic_share(const BenchRow& row, const MachineSpeed& machine);

}  // namespace sketchscope
