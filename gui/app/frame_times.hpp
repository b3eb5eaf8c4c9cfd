#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <optional>
#include <vector>

namespace sketchscope {

/// The processor times of the latest frames, milliseconds.
class FrameTimes {
 public:
  void add(double milliseconds) { times_[count_++ % kKept] = milliseconds; }
  [[nodiscard]] std::size_t count() const { return count_; }
  /// Returns the latest frame's time. There must be one.
  [[nodiscard]] double latest() const { return times_[(count_ - 1) % kKept]; }
  /// Returns a percentile, where `share` 0.5 is the median; empty before the first frame.
  [[nodiscard]] std::optional<double> percentile(double share) const {
    const std::size_t kept = std::min(count_, kKept);
    if (kept == 0) return std::nullopt;
    std::vector<double> sorted(times_.begin(), times_.begin() + static_cast<std::ptrdiff_t>(kept));
    const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(kept)));
    const auto place =
        sorted.begin() + static_cast<std::ptrdiff_t>(std::clamp<std::size_t>(rank, 1, kept) - 1);
    std::ranges::nth_element(sorted, place);
    return *place;
  }

 private:
  static constexpr std::size_t kKept = 1024;

  std::array<double, kKept> times_{};
  std::size_t count_ = 0;  ///< of all frames, of which the latest kKept are kept
};

}  // namespace sketchscope
