#include "gui/view/accuracy.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace sketchscope {

Accuracy sketch_accuracy(const TableState& table, double bound) {
  Accuracy accuracy;
  accuracy.bound = bound;
  const std::size_t count = std::min(table.exact_mass.size(), table.estimates.size());
  std::vector<bool> stored(count);
  for (const int position : table.positions) {
    if (static_cast<std::size_t>(position) < count)
      stored[static_cast<std::size_t>(position)] = true;
  }
  for (std::size_t index = 0; index < count; ++index) {
    if (std::isnan(table.estimates[index])) continue;
    const auto position = static_cast<int>(index);
    accuracy.points.push_back({.position = position,
                               .exact = table.exact_mass[index],
                               .estimate = table.estimates[index],
                               .stored = stored[index]});
  }
  std::size_t above = 0;
  for (const AccuracyPoint& point : accuracy.points) {
    const double error = point.estimate - point.exact;
    accuracy.largest = std::max({accuracy.largest, point.exact, point.estimate});
    for (const double value : {point.exact, point.estimate}) {
      const bool first = accuracy.smallest == 0;
      if (value > 0) accuracy.smallest = first ? value : std::min(accuracy.smallest, value);
    }
    accuracy.mean_error += error / static_cast<double>(accuracy.points.size());
    if (std::abs(error) > std::abs(accuracy.largest_error)) accuracy.largest_error = error;
    above += error > bound ? 1 : 0;
  }
  if (!accuracy.points.empty()) {
    accuracy.share_above_bound =
        static_cast<double>(above) / static_cast<double>(accuracy.points.size());
  }
  std::ranges::stable_partition(accuracy.points,
                                [](const AccuracyPoint& point) { return !point.stored; });
  return accuracy;
}

}  // namespace sketchscope
