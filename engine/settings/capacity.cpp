#include "engine/settings/capacity.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numeric>

#include "engine/core/error.hpp"
#include "engine/core/text.hpp"

namespace sketchscope::settings {
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

namespace {

constexpr int kWindow = 16;
constexpr int kGrowth = 8;      // capacity divided by the slots that it gains
constexpr int kShrinkage = 16;  // capacity divided by the slots that it loses
constexpr double kSlack = 0.5;  // share of the allowed loss below which slots are given back

bool asks_for_mass(const Knobs& knobs) {
  return knobs.target == TargetKind::retained_mass;
}

// Returns the smallest capacity at which there is a choice of victims.
int least_capacity(const Knobs& knobs) {
  return knobs.sinks + std::max(knobs.recent_window, 1) + 1;
}

std::string sentence(const Knobs& knobs, double mean, const char* relation) {
  return "target " + core::name_of(knobs.target) + " " + core::number_text(knobs.target_value) +
         ": mean " + core::number_text(std::round(mean * 1e4) / 1e4) + " over " +
         std::to_string(kWindow) + " steps, " + relation;
}

}  // namespace

void check_target(const Knobs& knobs, bool audited, bool has_twin) {
  const bool missing =
      (asks_for_mass(knobs) && !audited) || (knobs.target == TargetKind::logit_kl && !has_twin);
  if (!missing) return;
  const bool mass = asks_for_mass(knobs);
  throw core::UsageError(
      {.what = "knob target",
       .found = "'" + core::name_of(knobs.target) + "' in a run that does not measure it",
       .expected = mass ? "the audit, which keeps what was evicted"
                        : "the twin, the full cache that is fed the same tokens",
       .remedy = mass ? "Switch the audit on" : "Switch the twin on"});
}

std::optional<CapacityTarget::Decision> CapacityTarget::observe(double measured, const Knobs& knobs,
                                                                int most) {
  sum_ += measured;
  if (++steps_ < kWindow) return std::nullopt;
  const double mean = sum_ / kWindow;
  const bool decides = evicted_;
  *this = {};
  if (!decides) return std::nullopt;

  const double loss = asks_for_mass(knobs) ? 1 - mean : mean;
  const double allowed = asks_for_mass(knobs) ? 1 - knobs.target_value : knobs.target_value;
  const int capacity = knobs.max_cache_size;
  int wanted = capacity;
  if (loss > allowed) wanted = std::min(capacity + std::max(capacity / kGrowth, 1), most);
  if (loss < kSlack * allowed) {
    wanted = std::max(capacity - std::max(capacity / kShrinkage, 1), least_capacity(knobs));
    wanted = std::min(wanted, capacity);
  }
  if (wanted == capacity || (wanted < capacity && loss > allowed)) return std::nullopt;
  return Decision{
      .capacity = wanted,
      .reason = sentence(knobs, mean, wanted > capacity ? "missed" : "held with slots to spare")};
}

}  // namespace sketchscope::settings
