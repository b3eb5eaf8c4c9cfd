#include "engine/settings/layer_budgets.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numeric>

namespace sketchscope {
namespace {

constexpr double kPyramidRatio = 20;  // β
constexpr double kSafeguard = 0.2;    // α
constexpr double kNewNeed = 0.25;     // weight of the latest measurement
constexpr int kHysteresis = 8;        // a layer's slots divided by the smallest change worth making

std::vector<double> pyramid_weights(std::size_t layers) {
  std::vector<double> weights(layers, 1.0);
  const double first = 2 - 1 / kPyramidRatio;
  const double last = 1 / kPyramidRatio;
  for (std::size_t layer = 0; layers > 1 && layer < layers; ++layer) {
    weights[layer] =
        first + (last - first) * static_cast<double>(layer) / static_cast<double>(layers - 1);
  }
  return weights;
}

std::vector<double> weights_by_need(std::span<const double> needs) {
  const double sum = std::reduce(needs.begin(), needs.end());
  std::vector<double> weights(needs.size(), 1.0);
  if (std::ranges::find(needs, 0.0) != needs.end()) return weights;
  const double mean = sum / static_cast<double>(needs.size());
  std::ranges::transform(needs, weights.begin(),
                         [&](double need) { return kSafeguard + (1 - kSafeguard) * need / mean; });
  return weights;
}

// Returns whole slots in proportion to weights whose mean is 1. Slots that rounding leaves over go
// to the largest remainders, the lower layer first.
std::vector<int> in_proportion(int mean_slots, std::span<const double> weights) {
  std::vector<int> slots;
  std::vector<double> remainders;
  for (const double weight : weights) {
    const double quota = weight * mean_slots;
    slots.push_back(static_cast<int>(std::floor(quota)));
    remainders.push_back(quota - std::floor(quota));
  }
  int left =
      mean_slots * static_cast<int>(weights.size()) - std::reduce(slots.begin(), slots.end());
  for (; left > 0; --left) {
    const auto largest = std::ranges::max_element(remainders);
    ++slots[static_cast<std::size_t>(largest - remainders.begin())];
    *largest = -1;
  }
  return slots;
}

}  // namespace

LayerBudgets::LayerBudgets(int layers, const BudgetRule& rule)
    : rule_(rule), needs_(static_cast<std::size_t>(layers)), budgets_(shared_out()) {}

std::vector<int> LayerBudgets::shared_out() const {
  std::vector<double> weights(needs_.size(), 1.0);
  if (rule_.kind == BudgetKind::pyramid) weights = pyramid_weights(needs_.size());
  if (rule_.kind == BudgetKind::adaptive) weights = weights_by_need(needs_);
  const int kept = std::min(rule_.protected_slots, rule_.capacity);
  std::vector<int> budgets = in_proportion(rule_.capacity - kept, weights);
  for (int& budget : budgets) budget += kept;
  return budgets;
}

void LayerBudgets::change(const BudgetRule& rule) {
  if (rule == rule_) return;
  rule_ = rule;
  budgets_ = shared_out();
}

void LayerBudgets::learn(int layer, double slots) {
  double& need = needs_[static_cast<std::size_t>(layer)];
  need = need == 0 ? slots : need + kNewNeed * (slots - need);
}

bool LayerBudgets::resplit() {
  const std::vector<int> wanted = shared_out();
  bool worth_it = false;
  for (std::size_t layer = 0; layer < wanted.size(); ++layer) {
    const int change = std::abs(wanted[layer] - budgets_[layer]);
    worth_it |= change > 0 && kHysteresis * change >= budgets_[layer];
  }
  if (worth_it) budgets_ = wanted;
  return worth_it;
}

int slots_that_hold(std::span<float> mass, double share) {
  std::ranges::sort(mass, std::greater<>());
  const double wanted = share * std::reduce(mass.begin(), mass.end(), 0.0);
  double held = 0;
  int slots = 0;
  while (slots < std::ssize(mass) && held < wanted) held += mass[static_cast<std::size_t>(slots++)];
  return slots;
}

}  // namespace sketchscope
