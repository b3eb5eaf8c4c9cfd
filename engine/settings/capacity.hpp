#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/settings/knobs.hpp"

namespace sketchscope::settings {

/// The rule by which the slots of a lane are divided among its layers.
struct BudgetRule {
  BudgetKind kind = BudgetKind::equal;
  int capacity = 128;       ///< max_cache_size, which is the mean over layers
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
///             2407.11550), the need being the number of slots that lately held most of
///             the layer's mass;
///   heads     1: what its tables fill together is shared out by score (policy::SharedChoice).
class LayerBudgets {
 public:
  LayerBudgets(int layers, const BudgetRule& rule);

  /// Returns the slots of each table of a layer.
  [[nodiscard]] int of(int layer) const { return budgets_[static_cast<std::size_t>(layer)]; }
  [[nodiscard]] const BudgetRule& rule() const { return rule_; }
  /// Replaces the rule and divides the slots anew.
  void change(const BudgetRule& rule);

  /// Updates the need of `layer` with the number of slots that held most of the mass of one query.
  void learn(int layer, double slots);
  /// Divides the slots by the current needs. Returns false, and changes nothing, where no layer
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

/// Throws UsageError where the knobs name a target that is not measured: retained mass needs the
/// audit, logit KL the twin.
void check_target(const Knobs& knobs, bool audited, bool has_twin);

/// Holds the `target` of the knobs with few slots by moving `max_cache_size` (docs/cache.md,
/// "Targets"). Every 16 steps the mean loss (1 − retained mass, or logit KL) is compared with the
/// allowed loss: above it the capacity grows by an eighth, below half of it the capacity shrinks by
/// a sixteenth. Windows without an eviction decide nothing. A copy continues as the original would.
class CapacityTarget {
 public:
  /// A new capacity, and the measurement that led to it.
  struct Decision {
    int capacity = 0;
    std::string reason;
  };

  /// Says that a position left a table since the last measurement.
  void note_eviction() { evicted_ = true; }

  /// Adds the measurement of a step. Returns a decision at the end of a window that moves the
  /// capacity; `most` is the model's positions.
  std::optional<Decision> observe(double measured, const Knobs& knobs, int most);

 private:
  int steps_ = 0;
  double sum_ = 0;
  bool evicted_ = false;
};

}  // namespace sketchscope::settings
