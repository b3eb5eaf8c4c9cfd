#pragma once

#include <span>
#include <vector>

#include "engine/settings/knob_values.hpp"

namespace sketchscope {

/// What the slots of a lane are shared out by.
struct BudgetRule {
  BudgetKind kind = BudgetKind::equal;
  int capacity = 128;       ///< max_cache_size: the mean over layers
  int protected_slots = 0;  ///< sinks and recent window, which every layer keeps

  friend bool operator==(const BudgetRule&, const BudgetRule&) = default;
};

/// How many slots the tables of each layer may fill: L · capacity in all, at every moment. Beyond
/// the protected slots, which no layer gives away, layer l of L gets the mean times
///   equal     1;
///   pyramid   2 − 1/β in the first layer, 1/β in the last, linear between, β = 20 (PyramidKV,
///             arXiv 2406.02069);
///   adaptive  α + (1 − α) · need of l / mean need, α = 0.2 (the safeguard of Ada-KV, arXiv
///             2407.11550), the need being how many slots held most of the layer's mass of late.
class LayerBudgets {
 public:
  LayerBudgets(int layers, const BudgetRule& rule);

  [[nodiscard]] int of(int layer) const { return budgets_[static_cast<std::size_t>(layer)]; }
  [[nodiscard]] const BudgetRule& rule() const { return rule_; }
  /// Other knobs: shared out anew at once.
  void change(const BudgetRule& rule);

  /// A query of `layer` had most of its mass in this many slots.
  void learn(int layer, double slots);
  /// Shares out by the needs of now; false where no layer would gain or lose an eighth of its
  /// slots, and all stay as they are.
  bool resplit();

 private:
  [[nodiscard]] std::vector<int> shared_out() const;

  BudgetRule rule_;
  std::vector<double> needs_;  // by layer, smoothed; 0 before anything was learnt
  std::vector<int> budgets_;
};

/// How many of the largest of these masses sum up to `share` of them all. Reorders them.
int slots_that_hold(std::span<float> mass, double share);

}  // namespace sketchscope
