#pragma once

#include <optional>
#include <string>
#include <vector>

#include "kernels/parallel.hpp"

namespace sketchscope {

/// The machine a benchmark ran on, and what it could do at best while it ran.
struct MachineSpeed {
  std::string cpu;
  int threads = 1;
  std::optional<std::string> gpu;
  double read_gb_per_s = 0;  ///< by a plain read loop
  double gflop_per_s = 0;    ///< by multiply-adds on registers alone
};

/// Measures memory and arithmetic again and again between the rounds of a benchmark, so that both
/// met the same load of the machine.
class MachineProbe {
 public:
  explicit MachineProbe(int threads);
  void measure();
  /// Medians of what was measured so far, at least once.
  [[nodiscard]] MachineSpeed speed() const;

 private:
  ThreadPool pool_;
  std::vector<float> memory_;
  std::vector<double> gb_per_s_;
  std::vector<double> gflop_per_s_;
};

}  // namespace sketchscope
