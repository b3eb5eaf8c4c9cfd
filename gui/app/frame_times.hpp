#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>

#include "engine/schedule/run_totals.hpp"

namespace sketchscope::app {

/// The processor times of the latest frames, milliseconds.
class FrameTimes {
 public:
  void add(double milliseconds) { times_[count_++ % kKept] = milliseconds; }
  [[nodiscard]] std::size_t count() const { return count_; }
  /// Returns the latest frame's time. There must be one.
  [[nodiscard]] double latest() const { return times_[(count_ - 1) % kKept]; }
  /// Returns a percentile, where `share` 0.5 is the median; empty before the first frame.
  [[nodiscard]] std::optional<double> percentile(double share) const {
    const auto kept = static_cast<std::ptrdiff_t>(std::min(count_, kKept));
    return sketchscope::schedule::percentile({times_.begin(), times_.begin() + kept}, share);
  }

 private:
  static constexpr std::size_t kKept = 1024;

  std::array<double, kKept> times_{};
  std::size_t count_ = 0;  ///< of all frames, of which the latest kKept are kept
};

}  // namespace sketchscope::app
