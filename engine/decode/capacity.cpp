#include "engine/decode/capacity.hpp"

#include <utility>

#include "engine/decode/eviction.hpp"

namespace sketchscope {
namespace {

constexpr int kResplitInterval = 16;   // steps
constexpr double kNeededShare = 0.95;  // of a query's mass: the slots that hold it are needed

bool budgets_adapt(const LaneState& lane, std::size_t fed) {
  return lane.budgets.rule().kind == BudgetKind::adaptive && lane.rules.policy->evicts() &&
         fed % kResplitInterval == 0;
}

double retained_mass(const LaneState& lane) {
  double sum = 0;
  for (int layer = 0; layer < lane.config.layers; ++layer) {
    sum += LayerView(lane, layer).divergence().retained_mass() / lane.config.layers;
  }
  return sum;
}

}  // namespace

void note_need(LaneState& lane, int layer, const MassView& mass, std::vector<float>& slot_mass) {
  // The token of this step is not among the tokens fed yet.
  if (!budgets_adapt(lane, lane.tokens.size() + 1)) return;
  const LayerCache& cache = lane.layer(layer);
  double slots = 0;
  slot_mass.resize(static_cast<std::size_t>(mass.slots));
  for (const CacheTable& table : cache.tables) {
    sum_heads(mass.part(table.heads.query), slot_mass);
    slots += slots_that_hold(slot_mass, kNeededShare);
  }
  lane.budgets.learn(layer, slots / static_cast<double>(cache.tables.size()));
}

void move_budgets(LaneState& lane) {
  if (!budgets_adapt(lane, lane.tokens.size()) || !lane.budgets.resplit()) return;
  evict_surplus(lane, {.protection = lane.rules.protection_before_incoming(),
                       .reason = EvictionReason::budget_moved});
}

std::optional<CapacityTarget::Decision> capacity_for_target(LaneState& lane,
                                                            std::optional<double> logit_kl) {
  const Knobs& knobs = lane.rules.knobs;
  if (knobs.target == TargetKind::none || !lane.rules.policy->evicts() || lane.tokens.empty())
    return {};
  const double measured =
      knobs.target == TargetKind::retained_mass ? retained_mass(lane) : logit_kl.value_or(0);
  const bool evicted = std::exchange(lane.evicted_since_target, false);
  return lane.target.observe(measured, evicted, knobs, lane.config.positions);
}

}  // namespace sketchscope
