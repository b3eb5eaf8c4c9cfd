#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/trace/step_trace.hpp"
#include "kernels/parallel.hpp"

namespace sketchscope::trace {

/// A machine and its peak rates, as they were measured.
struct MachineSpeed {
  std::string cpu;
  int threads = 1;
  std::optional<std::string> gpu;
  double read_gb_per_s = 0;  ///< of a plain read loop
  double gflop_per_s = 0;    ///< of multiply-adds on registers
};

/// The time that work takes at least on a machine (the roofline of Williams, Waterman and
/// Patterson, CACM 52(4), 2009).
struct Bound {
  double ms = 0;
  bool by_memory = true;  ///< the bandwidth takes longer than the arithmetic
};
/// Returns nothing for work of which nothing was counted, or a machine that was not measured.
std::optional<Bound> bound_of(const Work& work, const MachineSpeed& machine);
/// Returns the bound of work as a share of the time that it took: 1 at best where the data comes
/// from memory, more where it lay in the processor's caches.
std::optional<double> share_of_bound(const Work& work, double ms, const MachineSpeed& machine);

/// Measures bandwidth and arithmetic, as often as it is asked to: a benchmark does so between its
/// rounds, so that both are measured under the same load of the machine.
class MachineProbe {
 public:
  /// Much larger than any processor cache, as the weights of a model are.
  static constexpr std::size_t kNumbersRead = std::size_t{64} << 20;

  explicit MachineProbe(int threads, std::size_t numbers_read = kNumbersRead);
  void measure();
  /// Returns the medians so far. At least one measurement must have been made.
  [[nodiscard]] MachineSpeed speed() const;

 private:
  kernels::ThreadPool pool_;
  std::vector<float> memory_;
  std::vector<double> gb_per_s_;
  std::vector<double> gflop_per_s_;
};

/// Returns the speed by a few measurements on less memory, for a process whose memory is watched.
MachineSpeed quick_machine_speed(int threads);

}  // namespace sketchscope::trace
