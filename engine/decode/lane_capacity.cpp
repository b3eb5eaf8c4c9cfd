// How many slots the tables of a lane may fill, and what moves that while it runs.
#include <algorithm>
#include <utility>

#include "engine/decode/lane.hpp"

namespace sketchscope {
namespace {

constexpr int kResplitInterval = 16;   // steps
constexpr double kNeededShare = 0.95;  // of a query's mass: the slots that hold it are needed

}  // namespace

std::optional<int> Lane::capacity(int layer) const {
  return policy_->evicts() ? std::optional(budgets_.of(layer)) : std::nullopt;
}

BudgetRule Lane::budget_rule() const {
  return {.kind = knobs_.budget,
          .capacity = knobs_.max_cache_size,
          .protected_slots = knobs_.sinks + std::max(knobs_.recent_window, 1)};
}

bool Lane::budgets_adapt(std::size_t fed) const {
  return budgets_.rule().kind == BudgetKind::adaptive && policy_->evicts() &&
         fed % kResplitInterval == 0;
}

void Lane::learn_need(int layer, const MassView& mass, LaneScratch& scratch) {
  // The token of this step is not among tokens_ yet.
  if (!budgets_adapt(tokens_.size() + 1)) return;
  const LayerCache& cache = layer_cache(layer);
  double slots = 0;
  scratch.slot_mass.resize(static_cast<std::size_t>(mass.slots));
  for (const HeadGroup& group : cache.groups) {
    sum_heads(mass.part(group.heads), scratch.slot_mass);
    slots += slots_that_hold(scratch.slot_mass, kNeededShare);
  }
  budgets_.learn(layer, slots / static_cast<double>(cache.groups.size()));
}

void Lane::resplit_budgets() {
  if (budgets_adapt(tokens_.size()) && budgets_.resplit()) cut_all(EvictionReason::budget_moved);
}

void Lane::cut_all(EvictionReason reason) {
  LaneScratch scratch;
  const int recent = std::max(knobs_.recent_window, 1) - 1;
  for (int layer = 0; layer < config_.layers; ++layer) cut(layer, recent, reason, scratch);
}

std::vector<KnobChange> Lane::hold_target(std::optional<double> logit_kl) {
  if (knobs_.target == TargetKind::none || !policy_->evicts() || tokens_.empty()) return {};
  double measured = logit_kl.value_or(0);
  if (knobs_.target == TargetKind::retained_mass) {
    measured = 0;
    for (const LayerCache& cache : layers_) {
      Divergence divergence;
      for (const HeadGroup& group : cache.groups) divergence += group.divergence;
      measured += divergence.retained_mass() / config_.layers;
    }
  }
  const bool evicted = std::exchange(evicted_, false);
  const auto decision = target_.observe(measured, evicted, knobs_, config_.positions);
  if (!decision) return {};
  Knobs changed = knobs_;
  changed.max_cache_size = decision->capacity;
  std::vector<KnobChange> changes = apply(changed);
  for (KnobChange& change : changes) change.note = decision->reason;
  return changes;
}

}  // namespace sketchscope
