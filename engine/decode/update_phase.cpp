#include "engine/decode/update_phase.hpp"

#include <algorithm>

#include "engine/decode/capacity.hpp"
#include "engine/policy/output_perturbation.hpp"

namespace sketchscope {
namespace {

void keep_attention(LayerCache& cache, std::span<const float> mass) {
  Attended& attended = cache.attended;
  attended.mass.resize(mass.size());
  std::ranges::copy(mass, attended.mass.begin());
  const auto stored = static_cast<std::size_t>(cache.stored());
  attended.positions.resize(cache.tables.size() * stored);
  auto slot = attended.positions.begin();
  for (const CacheTable& table : cache.tables) {
    slot = std::ranges::copy(table.slots.positions(), slot).out;
  }
}

}  // namespace

void update_lane(LaneState& lane, const MergedAttention& merged, LaneWorkspace& workspace) {
  const LayerAttention& attention = merged.attention;
  const int layer = attention.selection.layer;
  LayerCache& cache = lane.layer(layer);
  const MassView mass = mass_view(attention.mass, lane.config.heads);
  for (CacheTable& table : cache.tables) {
    table.statistics.observe(mass.part(table.heads.query), lane.rules.decay());
    add_perturbation(lane, table, attention, lane.rules.decay(), workspace);
  }
  count_mass(lane, layer, mass, workspace);
  note_need(lane, layer, mass, workspace.slot_mass);
  if (lane.measured.keep_attention) keep_attention(cache, attention.mass);
}

void count_mass(LaneState& lane, int layer, const MassView& mass, LaneWorkspace& workspace) {
  LayerCache& cache = lane.layer(layer);
  if (!cache.sketch && !lane.measured.audit) return;
  workspace.items.clear();
  workspace.slot_mass.resize(static_cast<std::size_t>(mass.slots));
  for (CacheTable& table : cache.tables) {
    const MassView of_table = mass.part(table.heads.query);
    sum_heads(of_table, workspace.slot_mass);
    if (table.audit) {
      table.audit->count(table.slots.positions(), workspace.slot_mass, lane.rules.decay());
    }
    if (!cache.sketch) continue;
    const ItemMap items = lane.items_of(table);
    if (items.rows() == 1) {
      items.add_items(0, workspace.slot_mass, workspace.items);
      continue;
    }
    for (int row = 0; row < items.rows(); ++row) {
      items.add_items(row, mass_of_kv_head(of_table, row, items.rows(), workspace.slot_mass),
                      workspace.items);
    }
  }
  if (!cache.sketch) return;
  if (lane.rules.decay() != 1.0F) cache.sketch->scale(lane.rules.decay());
  cache.sketch->update(workspace.items);
}

void add_perturbation(const LaneState& lane, CacheTable& table, const LayerAttention& attention,
                      float decay, LaneWorkspace& workspace) {
  if (!table.statistics.keeps(Statistic::output_perturbation)) return;
  const MassView mass = mass_view(attention.mass, lane.config.heads).part(table.heads.query);
  workspace.perturbation.resize(static_cast<std::size_t>(mass.slots));
  workspace.value.resize(static_cast<std::size_t>(table.heads.kv.count) * lane.head_width());
  output_perturbation(
      table.slots, mass,
      part_of(std::span<const float>(attention.output), table.heads.query, lane.head_width()),
      workspace.value, workspace.perturbation);
  table.statistics.accumulate(Statistic::output_perturbation, workspace.perturbation, decay);
}

}  // namespace sketchscope
