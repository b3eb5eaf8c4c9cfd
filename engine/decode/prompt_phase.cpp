#include "engine/decode/prompt_phase.hpp"

#include <numeric>

#include "engine/decode/eviction.hpp"
#include "engine/decode/update_phase.hpp"

namespace sketchscope {

void store_prompt_token(LaneState& lane, int layer, const SlotTable::Entry& entry) {
  for (CacheTable& table : lane.layer(layer).tables) {
    SlotTable::Entry part = entry;
    part.key = part_of(entry.key, table.heads.kv, lane.head_width());
    part.value = part_of(entry.value, table.heads.kv, lane.head_width());
    table.newest_slot = table.slots.append(part);
    table.statistics.admit(table.newest_slot);
    note_entry(lane, table, part);
  }
}

bool reads_prompt_rows(const LaneState& lane) {
  return lane.layers.front().tables.front().statistics.keeps(Statistic::output_perturbation);
}

void update_from_prompt_row(LaneState& lane, const LayerAttention& attention,
                            LaneWorkspace& workspace) {
  for (CacheTable& table : lane.layer(attention.selection.layer).tables) {
    add_perturbation(lane, table, attention, 1.0F, workspace);
  }
}

void update_from_prompt(LaneState& lane, int layer, const PromptMass& mass,
                        LaneWorkspace& workspace) {
  LayerCache& cache = lane.layer(layer);
  const MassView total = mass_view(mass.total, lane.config.heads);
  const MassView of_last = mass_view(mass.last, lane.config.heads);
  std::vector<int> queries(static_cast<std::size_t>(cache.stored()));
  std::iota(queries.rbegin(), queries.rend(), 1);  // the key of row i is seen by rows i … N − 1
  std::vector<float> last(queries.size());
  workspace.slot_mass.resize(last.size());
  for (CacheTable& table : cache.tables) {
    sum_heads(of_last.part(table.heads.query), last);
    sum_heads(total.part(table.heads.query), workspace.slot_mass);
    table.statistics.observe_prompt(workspace.slot_mass, last, queries);
  }
  count_mass(lane, layer, total, workspace);
}

void prune_prompt(LaneState& lane, int layer, LaneWorkspace& workspace) {
  evict_surplus(
      lane, layer,
      {.protection = lane.rules.protection_with_newest(), .reason = EvictionReason::prompt_cut},
      workspace);
}

}  // namespace sketchscope
