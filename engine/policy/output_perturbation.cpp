#include "engine/policy/output_perturbation.hpp"

#include <cmath>

namespace sketchscope::policy {
namespace {

double distance(std::span<const float> left, std::span<const float> right) {
  double square = 0;
  for (std::size_t at = 0; at < left.size(); ++at) {
    const double apart = double{left[at]} - right[at];
    square += apart * apart;
  }
  return std::sqrt(square);
}

}  // namespace

void output_perturbation(const cache::SlotTable& table, const cache::MassView& mass,
                         std::span<const float> output, std::span<float> value,
                         std::span<float> perturbation) {
  const std::size_t width = output.size() / static_cast<std::size_t>(mass.heads);
  const int group = static_cast<int>(output.size() / value.size());  // H/K
  for (int slot = 0; slot < mass.slots; ++slot) {
    const auto index = static_cast<std::size_t>(slot);
    table.read_value(slot, value);
    double sum = 0;
    for (int head = 0; head < mass.heads; ++head) {
      const double share = mass.head(head)[index];
      if (share >= 1) continue;
      const auto own = output.subspan(static_cast<std::size_t>(head) * width, width);
      const auto read = value.subspan(static_cast<std::size_t>(head / group) * width, width);
      sum += share / (1 - share) * distance(own, read);
    }
    perturbation[index] = static_cast<float>(sum);
  }
}

float sum_of_norms(std::span<const float> vectors, int heads) {
  const std::size_t width = vectors.size() / static_cast<std::size_t>(heads);
  double sum = 0;
  for (std::size_t start = 0; start < vectors.size(); start += width) {
    double square = 0;
    for (const float coordinate : vectors.subspan(start, width)) {
      square += double{coordinate} * coordinate;
    }
    sum += std::sqrt(square);
  }
  return static_cast<float>(sum);
}

}  // namespace sketchscope::policy
