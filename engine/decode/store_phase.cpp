#include "engine/decode/store_phase.hpp"

#include "engine/decode/eviction.hpp"

namespace sketchscope {
namespace {

int free_a_slot(LaneState& lane, int layer, CacheTable& table, LaneWorkspace& workspace) {
  workspace.importance.resize(static_cast<std::size_t>(table.slots.stored()));
  lane.score(layer, table, workspace.importance);
  const Victim victim = choose_victim(table.slots.positions(), workspace.importance,
                                      lane.rules.protection_before_incoming());
  record_eviction(lane, layer, table, victim, EvictionReason::capacity, workspace);
  return victim.slot;
}

void place_in(LaneState& lane, int layer, CacheTable& table, const InputRow& row,
              LaneWorkspace& workspace) {
  if (lane.is_full(layer, table)) {
    table.newest_slot = free_a_slot(lane, layer, table, workspace);
    table.slots.claim(table.newest_slot, row.position, row.token);
  } else {
    table.newest_slot = table.slots.claim(row.position, row.token);
  }
  table.statistics.admit(table.newest_slot);
  if (!lane.rules.coder) return;
  table.codes.resize(static_cast<std::size_t>(table.slots.stored()));
  table.codes[static_cast<std::size_t>(table.newest_slot)] = ItemMap::kUnknownCode;
}

}  // namespace

Placement place_token(LaneState& lane, int layer, const InputRow& row, LaneWorkspace& workspace) {
  for (CacheTable& table : lane.layer(layer).tables) place_in(lane, layer, table, row, workspace);
  return {.layer = layer};
}

StoredToken store_token(LaneState& lane, const Placement& placement, const KeyValue& incoming) {
  const std::size_t width = lane.head_width();
  for (CacheTable& table : lane.layer(placement.layer).tables) {
    const auto slot = static_cast<std::size_t>(table.newest_slot);
    const SlotTable::Entry entry{.position = table.slots.positions()[slot],
                                 .token = table.slots.tokens()[slot],
                                 .key = part_of(incoming.key, table.heads.kv, width),
                                 .value = part_of(incoming.value, table.heads.kv, width)};
    table.slots.write(table.newest_slot, entry.key, entry.value);
    note_entry(lane, table, entry);
  }
  return {.layer = placement.layer};
}

void note_entry(const LaneState& lane, CacheTable& table, const SlotTable::Entry& entry) {
  if (table.audit) table.audit->admit(entry);
  note_key(lane, table, table.newest_slot, entry.key);
}

}  // namespace sketchscope
