#include "engine/decode/eviction.hpp"

#include <utility>

namespace sketchscope {
namespace {

void add_to_tail(const LaneState& lane, CacheTable& table, const Victim& victim,
                 LaneWorkspace& workspace) {
  workspace.key.resize(static_cast<std::size_t>(table.heads.kv.count) * lane.head_width());
  workspace.value.resize(workspace.key.size());
  table.slots.read_key(victim.slot, workspace.key);
  table.slots.read_value(victim.slot, workspace.value);
  table.tail->add({.key = workspace.key, .value = workspace.value, .score = victim.score});
}

std::vector<int> slots_without(const std::vector<Victim>& victims, int stored) {
  std::vector<bool> leaves(static_cast<std::size_t>(stored));
  for (const Victim& victim : victims) leaves[static_cast<std::size_t>(victim.slot)] = true;
  std::vector<int> kept;
  for (int slot = 0; slot < stored; ++slot) {
    if (!leaves[static_cast<std::size_t>(slot)]) kept.push_back(slot);
  }
  return kept;
}

void keep_slots(CacheTable& table, const std::vector<int>& kept) {
  const std::vector<int> origin = table.slots.keep(kept);
  table.statistics.keep(origin);
  if (table.codes.empty()) return;
  std::vector<std::uint32_t> codes;
  for (const int slot : origin) codes.push_back(table.codes[static_cast<std::size_t>(slot)]);
  table.codes = std::move(codes);
}

void evict_surplus_of(LaneState& lane, int layer, CacheTable& table, const Surplus& surplus,
                      LaneWorkspace& workspace) {
  const int stored = table.slots.stored();
  if (stored <= lane.budgets.of(layer)) return;
  workspace.importance.resize(static_cast<std::size_t>(stored));
  lane.score(layer, table, workspace.importance);
  const std::vector<Victim> victims = choose_victims(table.slots.positions(), workspace.importance,
                                                     surplus.protection, lane.budgets.of(layer));
  for (const Victim& victim : victims) {
    record_eviction(lane, layer, table, victim, surplus.reason, workspace);
  }
  keep_slots(table, slots_without(victims, stored));
}

}  // namespace

void record_eviction(LaneState& lane, int layer, CacheTable& table, const Victim& victim,
                     EvictionReason reason, LaneWorkspace& workspace) {
  lane.evicted_since_target = true;
  const auto slot = static_cast<std::size_t>(victim.slot);
  EvictionRecord record{.layer = layer,
                        .position = table.slots.positions()[slot],
                        .token = table.slots.tokens()[slot],
                        .score = victim.score,
                        .margin = victim.margin,
                        .next_position = victim.next_position,
                        .candidates = victim.candidates,
                        .reason = reason,
                        .degenerate = victim.degenerate};
  if (lane.rules.tables_by_head()) record.head = table.heads.kv.first;
  if (table.audit) {
    record.exact_score = table.audit->exact_mass()[static_cast<std::size_t>(record.position)];
    table.audit->keep_evicted(table.slots, victim.slot);
  }
  if (table.tail) add_to_tail(lane, table, victim, workspace);
  lane.evictions.push_back(record);
}

void evict_surplus(LaneState& lane, int layer, const Surplus& surplus, LaneWorkspace& workspace) {
  if (!lane.rules.policy->evicts()) return;
  for (CacheTable& table : lane.layer(layer).tables) {
    evict_surplus_of(lane, layer, table, surplus, workspace);
  }
}

void evict_surplus(LaneState& lane, const Surplus& surplus) {
  LaneWorkspace workspace;
  for (int layer = 0; layer < lane.config.layers; ++layer) {
    evict_surplus(lane, layer, surplus, workspace);
  }
}

}  // namespace sketchscope
