#include "gui/app/frame_times.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace sketchscope {

void FrameTimes::add(double milliseconds) {
  times_[count_ % kKept] = milliseconds;
  ++count_;
}

std::optional<double> FrameTimes::percentile(double share) const {
  const std::size_t kept = std::min(count_, kKept);
  if (kept == 0) return std::nullopt;
  std::vector<double> sorted(times_.begin(), times_.begin() + static_cast<std::ptrdiff_t>(kept));
  const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(kept)));
  const auto place =
      sorted.begin() + static_cast<std::ptrdiff_t>(std::clamp<std::size_t>(rank, 1, kept) - 1);
  std::ranges::nth_element(sorted, place);
  return *place;
}

}  // namespace sketchscope
