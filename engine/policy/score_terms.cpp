#include "engine/policy/score_terms.hpp"

#include <algorithm>
#include <numeric>

namespace sketchscope::policy {

void observed_mass(const ScoreInput& input, std::span<float> mean) {
  const cache::MassRows& rows = input.statistics.mass_rows();
  for (std::size_t slot = 0; slot < mean.size(); ++slot) {
    mean[slot] = rows.mean(static_cast<int>(slot));
  }
}

void put_in_order(std::span<const int> positions, std::vector<int>& order) {
  order.resize(positions.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::sort(order, {}, [&](int slot) { return positions[static_cast<std::size_t>(slot)]; });
}

void pool(Pool kind, int kernel, std::span<const int> order, std::span<const float> values,
          std::span<float> pooled) {
  const auto count = static_cast<int>(order.size());
  const auto value = [&](int place) {
    return values[static_cast<std::size_t>(order[static_cast<std::size_t>(place)])];
  };
  for (int place = 0; place < count; ++place) {
    const int first = std::max(place - kernel / 2, 0);
    const int last = std::min(place + kernel / 2, count - 1);
    double sum = 0;
    float largest = value(place);
    for (int neighbour = first; neighbour <= last; ++neighbour) {
      sum += value(neighbour);
      largest = std::max(largest, value(neighbour));
    }
    pooled[static_cast<std::size_t>(order[static_cast<std::size_t>(place)])] =
        kind == Pool::mean ? static_cast<float>(sum / kernel) : largest;
  }
}

}  // namespace sketchscope::policy
