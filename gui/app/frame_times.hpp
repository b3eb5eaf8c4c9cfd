#pragma once

#include <array>
#include <cstddef>
#include <optional>

namespace sketchscope {

/// How long the processor took to build the latest frames, milliseconds.
class FrameTimes {
 public:
  void add(double milliseconds);
  [[nodiscard]] std::size_t count() const { return count_; }
  /// The latest frame's; there was one.
  [[nodiscard]] double latest() const { return times_[(count_ - 1) % kKept]; }
  /// `share` 0.5 is the median, 0.99 what all but one in a hundred stay below. Empty before the
  /// first frame.
  [[nodiscard]] std::optional<double> percentile(double share) const;

 private:
  static constexpr std::size_t kKept = 1024;
  std::array<double, kKept> times_{};
  std::size_t count_ = 0;  ///< of all frames; the latest kKept are kept
};

}  // namespace sketchscope
