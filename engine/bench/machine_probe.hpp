#pragma once

#include <optional>
#include <string>
#include <vector>

#include "kernels/parallel.hpp"

namespace sketchscope {

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
  ThreadPool pool_;
  std::vector<float> memory_;
  std::vector<double> gb_per_s_;
  std::vector<double> gflop_per_s_;
};

}  // namespace sketchscope
