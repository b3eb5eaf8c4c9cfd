#pragma once

#include <chrono>

namespace sketchscope::core {

/// Wall time since construction or the last lap, in milliseconds.
class Stopwatch {
 public:
  [[nodiscard]] double elapsed_ms() const {
    return std::chrono::duration<double, std::milli>(Clock::now() - start_).count();
  }

  /// Returns the time since the last lap and starts the next one.
  double lap_ms() {
    const auto now = Clock::now();
    const double lap = std::chrono::duration<double, std::milli>(now - start_).count();
    start_ = now;
    return lap;
  }

 private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point start_ = Clock::now();
};

}  // namespace sketchscope::core
