#pragma once

#include <span>
#include <vector>

#include "engine/settings/knob_values.hpp"

namespace sketchscope {

/// The rule by which the slots of a lane are shared out.
struct BudgetRule {
  BudgetKind kind = BudgetKind::equal;
  int capacity = 128;       ///< max_cache_size: the mean over layers
  int protected_slots = 0;  ///< sinks and recent window, which every layer keeps

  friend bool operator==(const BudgetRule&, const BudgetRule&) = default;
};

/// The number of slots that the tables of each layer may fill, L · capacity in all at every moment
/// (docs/cache.md, "Budgets"). Every layer keeps its protected slots; of the others layer l gets
/// the mean times
///   equal     1;
///   pyramid   2 − 1/β in the first layer, 1/β in the last, linear between, β = 20 (PyramidKV,
///             arXiv 2406.02069);
///   adaptive  α + (1 − α) · need of l / mean need, α = 0.2 (the safeguard of Ada-KV, arXiv
///             2407.11550), the need being how many slots held most of the layer's mass of late.
class LayerBudgets {
 public:
  LayerBudgets(int layers, const BudgetRule& rule);

  /// Returns the slots of each table of a layer.
  [[nodiscard]] int of(int layer) const { return budgets_[static_cast<std::size_t>(layer)]; }
  [[nodiscard]] const BudgetRule& rule() const { return rule_; }
  /// Takes over another rule and shares out the slots anew.
  void change(const BudgetRule& rule);

  /// Updates the need of `layer` with the number of slots that held most of the mass of one query.
  void learn(int layer, double slots);
  /// Shares out the slots by the current needs. Returns false, and changes nothing, where no layer
  /// would gain or lose an eighth of its slots.
  bool resplit();

 private:
  [[nodiscard]] std::vector<int> shared_out() const;

  BudgetRule rule_;
  std::vector<double> needs_;  // by layer, smoothed; 0 while unknown
  std::vector<int> budgets_;
};

/// Returns the smallest number of slots whose masses, largest first, reach `share` of the total.
/// Reorders `mass`.
int slots_that_hold(std::span<float> mass, double share);

}  // namespace sketchscope
