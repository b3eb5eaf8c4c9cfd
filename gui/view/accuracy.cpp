#include "gui/view/accuracy.hpp"

#include <algorithm>
#include <cmath>

namespace sketchscope {

Accuracy sketch_accuracy(const LayerState& layer) {
  Accuracy accuracy;
  const std::size_t count = std::min(layer.exact_mass.size(), layer.estimates.size());
  if (count == 0) return accuracy;
  accuracy.bound = layer.error_bound;
  std::size_t above = 0;
  for (std::size_t index = 0; index < count; ++index) {
    const double exact = layer.exact_mass[index];
    const double estimate = layer.estimates[index];
    accuracy.points.push_back(
        {.position = static_cast<int>(index), .exact = exact, .estimate = estimate});
    accuracy.largest = std::max({accuracy.largest, exact, estimate});
    for (const double value : {exact, estimate}) {
      const bool first = accuracy.smallest == 0;
      if (value > 0) accuracy.smallest = first ? value : std::min(accuracy.smallest, value);
    }
    accuracy.mean_error += (estimate - exact) / static_cast<double>(count);
    if (std::abs(estimate - exact) > std::abs(accuracy.largest_error)) {
      accuracy.largest_error = estimate - exact;
    }
    above += estimate - exact > layer.error_bound ? 1 : 0;
  }
  accuracy.share_above_bound = static_cast<double>(above) / static_cast<double>(count);
  for (const int position : layer.positions) {
    if (static_cast<std::size_t>(position) < count) {
      accuracy.points[static_cast<std::size_t>(position)].stored = true;
    }
  }
  std::ranges::stable_partition(accuracy.points,
                                [](const AccuracyPoint& point) { return !point.stored; });
  return accuracy;
}

}  // namespace sketchscope
