#include "engine/decode/phases.hpp"

#include <algorithm>
#include <cmath>

#include "engine/policy/output_perturbation.hpp"
#include "kernels/rotary.hpp"

namespace sketchscope::decode {
namespace {

void keep_attention(LayerCache& cache, std::span<const float> mass) {
  Attended& attended = cache.attended;
  attended.mass.resize(mass.size());
  std::ranges::copy(mass, attended.mass.begin());
  attended.positions.resize(static_cast<std::size_t>(cache.stored_in_all()));
  attended.stored.clear();
  auto slot = attended.positions.begin();
  for (const CacheTable& table : cache.tables) {
    slot = std::ranges::copy(table.slots.positions(), slot).out;
    attended.stored.push_back(table.slots.stored());
  }
}

// Returns how many slots of a table were read; of query heads that choose for themselves the fewest
// that one of them read.
int slots_read(const SlotSelection& selection, std::size_t index, const CacheTable& table) {
  int fewest = table.slots.stored();
  const auto consider = [&](std::size_t list) {
    if (list >= selection.slots.size() || selection.slots[list].empty()) return;
    fewest = std::min(fewest, static_cast<int>(selection.slots[list].size()));
  };
  if (!selection.by_query_head) {
    consider(index);
    return fewest;
  }
  for (int head = 0; head < table.heads.query.count; ++head) {
    consider(static_cast<std::size_t>(table.heads.query.first + head));
  }
  return fewest;
}

constexpr int kResplitInterval = 16;   // steps between two divisions of the slots among layers
constexpr double kNeededShare = 0.95;  // share of a query's mass that the needed slots hold

bool budgets_adapt(const LaneState& lane, std::size_t fed) {
  return lane.budgets.rule().kind == settings::BudgetKind::adaptive &&
         lane.rules.policy->evicts() && fed % kResplitInterval == 0;
}

double retained_mass(const LaneState& lane) {
  double sum = 0;
  for (int layer = 0; layer < lane.config.layers; ++layer) {
    sum += LayerView(lane, layer).divergence().retained_mass() / lane.config.layers;
  }
  return sum;
}

// Updates a layer's need of slots from a query's mass if the budgets are adaptive. `slot_mass` is
// workspace.
void note_need(LaneState& lane, int layer, std::span<const float> mass,
               std::vector<float>& slot_mass) {
  // The token of this step is not among the tokens fed yet.
  if (!budgets_adapt(lane, lane.tokens.size() + 1)) return;
  const LayerCache& cache = lane.layer(layer);
  double slots = 0;
  for (std::size_t index = 0; index < cache.tables.size(); ++index) {
    const cache::MassView of_table = cache.mass_of(mass, index);
    slot_mass.resize(static_cast<std::size_t>(of_table.slots));
    cache::sum_heads(of_table, slot_mass);
    slots += settings::slots_that_hold(slot_mass, kNeededShare);
  }
  lane.budgets.learn(layer, slots / static_cast<double>(cache.tables.size()));
}

void update_statistics(LaneState& lane, const MergedAttention& merged, LaneWorkspace& workspace) {
  const LayerAttention& attention = merged.attention;
  const int layer = attention.selection.layer;
  const trace::ScopedSpan span(workspace.recorder, trace::Operation::statistics,
                               {.layer = layer, .row = workspace.row});
  LayerCache& cache = lane.layer(layer);
  const bool summary =
      std::ranges::any_of(merged.tail_share, [](float share) { return share > 0; });
  for (std::size_t index = 0; index < cache.tables.size(); ++index) {
    CacheTable& table = cache.tables[index];
    const cache::MassView mass = cache.mass_of(attention.mass, index);
    table.decided.note_read(slots_read(attention.selection, index, table), table.slots.stored(),
                            summary);
    table.statistics.observe(mass, lane.rules.decay());
    add_perturbation(lane, table, mass, attention.output, lane.rules.decay(), workspace);
  }
  note_query(lane, layer, attention.own_query, static_cast<int>(lane.tokens.size()), workspace);
}

}  // namespace

void update_lane(LaneState& lane, const MergedAttention& merged, LaneWorkspace& workspace) {
  const LayerAttention& attention = merged.attention;
  const int layer = attention.selection.layer;
  update_statistics(lane, merged, workspace);
  const trace::ScopedSpan span(workspace.recorder, trace::Operation::count,
                               {.layer = layer, .row = workspace.row});
  count_mass(lane, layer, attention.mass, workspace);
  note_need(lane, layer, attention.mass, workspace.slot_mass);
  if (lane.measured.keep_attention) keep_attention(lane.layer(layer), attention.mass);
}

void count_mass(LaneState& lane, int layer, std::span<const float> mass, LaneWorkspace& workspace) {
  LayerCache& cache = lane.layer(layer);
  if (!cache.sketch && !lane.audits()) return;
  workspace.items.clear();
  for (std::size_t index = 0; index < cache.tables.size(); ++index) {
    CacheTable& table = cache.tables[index];
    const cache::MassView of_table = cache.mass_of(mass, index);
    workspace.slot_mass.resize(static_cast<std::size_t>(of_table.slots));
    cache::sum_heads(of_table, workspace.slot_mass);
    if (table.audit) {
      table.audit->count(table.slots.positions(), workspace.slot_mass, lane.rules.decay());
    }
    if (!cache.sketch) continue;
    const sketch::ItemMap items = lane.items_of(table);
    if (items.rows() == 1) {
      items.add_items(0, workspace.slot_mass, workspace.items);
      continue;
    }
    for (int row = 0; row < items.rows(); ++row) {
      items.add_items(row, cache::mass_of_kv_head(of_table, row, items.rows(), workspace.slot_mass),
                      workspace.items);
    }
  }
  if (!cache.sketch) return;
  if (lane.rules.decay() != 1.0F) cache.sketch->scale(lane.rules.decay());
  cache.sketch->update(workspace.items);
}

void add_perturbation(const LaneState& lane, CacheTable& table, const cache::MassView& mass,
                      std::span<const float> output, float decay, LaneWorkspace& workspace) {
  if (!table.statistics.keeps(cache::Statistic::output_perturbation)) return;
  workspace.perturbation.resize(static_cast<std::size_t>(mass.slots));
  workspace.value.resize(static_cast<std::size_t>(table.heads.kv.count) * lane.head_width());
  policy::output_perturbation(table.slots, mass,
                              part_of(output, table.heads.query, lane.head_width()),
                              workspace.value, workspace.perturbation);
  table.statistics.accumulate(cache::Statistic::output_perturbation, workspace.perturbation, decay);
}

namespace {

// Returns a query (H, D) as it was before it was rotated by its position.
std::span<const float> unrotated(const LaneState& lane, int layer, std::span<const float> query,
                                 int position, LaneWorkspace& workspace) {
  if (!lane.config.rotates(layer) || lane.rules.ranks_positions()) return query;
  const std::size_t pairs = lane.config.rotary->frequencies.size();
  workspace.unrotated.resize(query.size() + 2 * pairs);
  const auto heads = std::span(workspace.unrotated).first(query.size());
  const auto rotation = std::span(workspace.unrotated).subspan(query.size());
  const model::InputRow row{.position = position};
  model::write_rotations(*lane.config.rotary, {&row, 1}, rotation);
  // Back by the same angle. The factor of a rotation is taken out twice, since it comes in once
  // more.
  const auto factor = static_cast<float>(1 / std::pow(lane.config.rotary->magnitude, 2));
  for (float& cosine : rotation.first(pairs)) cosine *= factor;
  for (float& sine : rotation.last(pairs)) sine *= -factor;
  std::ranges::copy(query, heads.begin());
  kernels::rotate({.cosine = rotation.first(pairs), .sine = rotation.last(pairs)},
                  lane.config.head_width, heads);
  return heads;
}

}  // namespace

void note_query(LaneState& lane, int layer, std::span<const float> query, int position,
                LaneWorkspace& workspace) {
  if (!lane.rules.policy->needs_query_moments() || position < lane.rules.knobs.sinks) return;
  const std::span<const float> own = unrotated(lane, layer, query, position, workspace);
  for (CacheTable& table : lane.layer(layer).tables) {
    table.moments.observe(part_of(own, table.heads.query, lane.head_width()));
  }
}

void move_budgets(LaneState& lane) {
  if (!budgets_adapt(lane, lane.tokens.size()) || !lane.budgets.resplit()) return;
  evict_surplus(lane, record::EvictionReason::budget_moved);
}

std::optional<settings::CapacityTarget::Decision> capacity_for_target(
    LaneState& lane, std::optional<double> logit_kl) {
  const settings::Knobs& knobs = lane.rules.knobs;
  if (knobs.target == settings::TargetKind::none || !lane.rules.policy->evicts() ||
      lane.tokens.empty())
    return {};
  std::optional<double> measured = logit_kl;
  if (knobs.target == settings::TargetKind::retained_mass) {
    measured = lane.audits() ? std::optional(retained_mass(lane)) : std::nullopt;
  }
  if (!measured) return {};
  return lane.target.observe(*measured, knobs, lane.config.positions);
}

}  // namespace sketchscope::decode
