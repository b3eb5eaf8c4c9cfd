#include "engine/decode/phases.hpp"

#include <algorithm>
#include <optional>
#include <ranges>
#include <utility>

#include "engine/decode/lane_state.hpp"

namespace sketchscope::decode {
namespace {

void add_to_tail(const LaneState& lane, CacheTable& table, const policy::Victim& victim,
                 LaneWorkspace& workspace) {
  workspace.key.resize(static_cast<std::size_t>(table.heads.kv.count) * lane.head_width());
  workspace.value.resize(workspace.key.size());
  table.slots.read_key(victim.slot, workspace.key);
  table.slots.read_value(victim.slot, workspace.value);
  table.tail->add({.key = workspace.key, .value = workspace.value, .score = victim.score});
}

/// Records a victim of one table, and shows it to the table's summary and audit while it is still
/// stored. Its slot is the caller's to reuse.
void record_eviction(LaneState& lane, int layer, CacheTable& table, const policy::Victim& victim,
                     record::EvictionReason reason, LaneWorkspace& workspace) {
  lane.target.note_eviction();
  const auto slot = static_cast<std::size_t>(victim.slot);
  record::EvictionRecord record{.layer = layer,
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
  if (lane.spares_in(table) && record.position == lane.spared->position) {
    lane.spared.reset();
    lane.spared_beside = false;
  }
  lane.holders.remove(record.position);
  lane.evictions.push_back(record);
}

// Returns the slot of the position that is to stay beside the capacity of this table, once its
// policy has chosen it; empty if there is none.
std::optional<int> slot_to_spare(const LaneState& lane, const CacheTable& table) {
  if (!lane.spares_in(table) || lane.spared->by != SparedBy::extra || lane.spared_beside) return {};
  const auto positions = table.slots.positions();
  const auto found = std::ranges::find(positions, lane.spared->position);
  if (found == positions.end()) return {};
  return static_cast<int>(found - positions.begin());
}

// Takes that slot back from the victims.
void take_back_spared(LaneState& lane, const CacheTable& table,
                      std::vector<policy::Victim>& victims) {
  const std::optional<int> slot = slot_to_spare(lane, table);
  if (!slot) return;
  if (std::erase_if(victims, [&](const auto& one) { return one.slot == *slot; }) > 0)
    lane.spared_beside = true;
}

// Does the same where the tables of a layer share its slots.
void take_back_spared(LaneState& lane, int layer, policy::SharedChoice& shared) {
  if (!lane.spared || lane.spared->layer != layer) return;
  const CacheTable& table = lane.layer(layer).tables[static_cast<std::size_t>(lane.spared->table)];
  const std::optional<int> slot = slot_to_spare(lane, table);
  if (slot && shared.take_back(lane.spared->table, *slot)) lane.spared_beside = true;
}

std::vector<int> slots_without(const std::vector<policy::Victim>& victims, int stored) {
  std::vector<bool> leaves(static_cast<std::size_t>(stored));
  for (const policy::Victim& victim : victims) leaves[static_cast<std::size_t>(victim.slot)] = true;
  std::vector<int> kept;
  for (int slot = 0; slot < stored; ++slot) {
    if (!leaves[static_cast<std::size_t>(slot)]) kept.push_back(slot);
  }
  return kept;
}

void keep_slots(CacheTable& table, const std::vector<int>& kept) {
  const std::vector<int> origin = table.slots.keep(kept);
  table.statistics.keep(origin);
  table.bounds.rebuild(table.slots);
  if (!table.ranks.values().empty()) table.ranks.put_in_order(table.slots.stored());
  if (table.codes.empty()) return;
  std::vector<std::uint32_t> codes;
  for (const int slot : origin) codes.push_back(table.codes[static_cast<std::size_t>(slot)]);
  table.codes = std::move(codes);
}

policy::Protection protection_of(const LaneState& lane, const CacheTable& table,
                                 record::EvictionReason reason) {
  return reason == record::EvictionReason::prompt_cut ? lane.protection_with_newest(table)
                                                      : lane.protection_before_incoming(table);
}

void evict_surplus_of(LaneState& lane, int layer, CacheTable& table, record::EvictionReason reason,
                      LaneWorkspace& workspace) {
  const int stored = table.slots.stored();
  const int capacity = lane.budgets.of(layer) + lane.slots_beside(table);
  if (stored <= capacity) return;
  std::vector<policy::Victim> victims = [&] {
    const trace::ScopedSpan span(workspace.recorder, trace::Operation::choose_victim,
                                 {.layer = layer, .row = workspace.row});
    lane.score(layer, table, workspace.score_room, workspace.importance);
    return policy::choose_victims(table.slots.positions(), workspace.importance,
                                  protection_of(lane, table, reason), capacity);
  }();
  take_back_spared(lane, table, victims);
  table.decided.note_victims(table.slots.positions(), victims, lane.rules.knobs.sinks);
  const trace::ScopedSpan span(workspace.recorder, trace::Operation::evict,
                               {.layer = layer, .row = workspace.row});
  for (const policy::Victim& victim : victims) {
    record_eviction(lane, layer, table, victim, reason, workspace);
  }
  keep_slots(table, slots_without(victims, stored));
}

// Scores the tables of a layer that share its slots, for a choice among all of them.
void offer_tables(const LaneState& lane, int layer, record::EvictionReason reason,
                  LaneWorkspace& workspace) {
  workspace.shared.begin();
  for (const CacheTable& table : lane.layer(layer).tables) {
    lane.score(layer, table, workspace.score_room, workspace.importance);
    workspace.shared.add(table.slots.positions(), workspace.importance,
                         protection_of(lane, table, reason));
  }
}

void evict_shared_surplus(LaneState& lane, int layer, record::EvictionReason reason,
                          LaneWorkspace& workspace) {
  LayerCache& cache = lane.layer(layer);
  const int capacity = lane.budgets.of(layer);
  const int surplus = cache.stored_in_all() - lane.slots_beside(layer) -
                      capacity * static_cast<int>(cache.tables.size());
  if (surplus <= 0) return;
  offer_tables(lane, layer, reason, workspace);
  workspace.shared.choose(
      {.wanted = surplus, .needed = surplus, .guarded = policy::least_of_a_head(capacity)});
  take_back_spared(lane, layer, workspace.shared);
  std::vector<std::vector<policy::Victim>> victims(cache.tables.size());
  for (const auto& [index, victim] : workspace.shared.victims()) {
    const auto at = static_cast<std::size_t>(index);
    record_eviction(lane, layer, cache.tables[at], victim, reason, workspace);
    victims[at].push_back(victim);
  }
  for (std::size_t index = 0; index < victims.size(); ++index) {
    CacheTable& table = cache.tables[index];
    table.decided.note_victims(table.slots.positions(), victims[index], lane.rules.knobs.sinks);
    if (!victims[index].empty())
      keep_slots(table, slots_without(victims[index], table.slots.stored()));
  }
}

}  // namespace

void evict_surplus(LaneState& lane, int layer, record::EvictionReason reason,
                   LaneWorkspace& workspace) {
  if (!lane.rules.policy->evicts()) return;
  if (lane.shares_slots()) return evict_shared_surplus(lane, layer, reason, workspace);
  for (CacheTable& table : lane.layer(layer).tables) {
    evict_surplus_of(lane, layer, table, reason, workspace);
  }
}

void evict_surplus(LaneState& lane, record::EvictionReason reason) {
  LaneWorkspace workspace;
  for (int layer = 0; layer < lane.config.layers; ++layer) {
    evict_surplus(lane, layer, reason, workspace);
  }
}

namespace {

// Takes a slot that was shown to audit and summary out of a table.
void remove_slot(CacheTable& table, int slot) {
  table.slots.remove(slot);
  table.statistics.remove(slot);
  if (!table.ranks.values().empty()) table.ranks.remove(slot);
  if (table.codes.empty()) return;
  table.codes[static_cast<std::size_t>(slot)] = table.codes.back();
  table.codes.pop_back();
}

// Lists the victims of a full table in the workspace.
void choose_leaving(const LaneState& lane, int layer, const CacheTable& table,
                    LaneWorkspace& workspace) {
  const trace::ScopedSpan span(workspace.recorder, trace::Operation::choose_victim,
                               {.layer = layer, .row = workspace.row});
  lane.score(layer, table, workspace.score_room, workspace.importance);
  policy::choose_batch(table.slots.positions(), workspace.importance,
                       lane.protection_before_incoming(table), lane.rules.knobs.evict_batch,
                       workspace.leaving);
}

// Makes room in a full table. Returns the slot of a single victim, which the incoming token takes;
// several are taken out, and it takes a new one.
std::optional<int> free_slots(LaneState& lane, int layer, CacheTable& table,
                              LaneWorkspace& workspace) {
  choose_leaving(lane, layer, table, workspace);
  std::vector<policy::Victim>& victims = workspace.leaving.victims;
  take_back_spared(lane, table, victims);
  const trace::ScopedSpan span(workspace.recorder, trace::Operation::evict,
                               {.layer = layer, .row = workspace.row});
  table.decided.note_victims(table.slots.positions(), victims, lane.rules.knobs.sinks);
  for (const policy::Victim& victim : victims) {
    record_eviction(lane, layer, table, victim, record::EvictionReason::capacity, workspace);
  }
  if (victims.size() == 1) return victims.front().slot;
  // From the last slot on, so that those that move are not among the victims.
  std::ranges::sort(victims, std::greater<>(), &policy::Victim::slot);
  for (const policy::Victim& victim : victims) remove_slot(table, victim.slot);
  table.bounds.rebuild(table.slots);
  return {};
}

// Makes room in a layer whose tables share its slots, one in each of them for the incoming token.
void free_shared_slots(LaneState& lane, int layer, LaneWorkspace& workspace) {
  LayerCache& cache = lane.layer(layer);
  if (!lane.is_full(layer, cache.tables.front())) return;
  constexpr auto kReason = record::EvictionReason::capacity;
  const auto tables = static_cast<int>(cache.tables.size());
  const int capacity = lane.budgets.of(layer);
  {
    const trace::ScopedSpan span(workspace.recorder, trace::Operation::choose_victim,
                                 {.layer = layer, .row = workspace.row});
    offer_tables(lane, layer, kReason, workspace);
    // The incoming token is one of those that a head keeps.
    workspace.shared.choose(
        {.wanted = tables * lane.rules.knobs.evict_batch,
         .needed = cache.stored_in_all() + tables - lane.slots_beside(layer) - tables * capacity,
         .guarded = policy::least_of_a_head(capacity) - 1});
  }
  take_back_spared(lane, layer, workspace.shared);
  const std::span<const policy::TableVictim> victims = workspace.shared.victims();
  const trace::ScopedSpan span(workspace.recorder, trace::Operation::evict,
                               {.layer = layer, .row = workspace.row});
  for (const auto& [index, victim] : victims) {
    record_eviction(lane, layer, cache.tables[static_cast<std::size_t>(index)], victim, kReason,
                    workspace);
  }
  for (int index = 0; index < tables; ++index) {
    CacheTable& table = cache.tables[static_cast<std::size_t>(index)];
    auto of_table =
        victims |
        std::views::filter([index](const policy::TableVictim& one) { return one.table == index; }) |
        std::views::transform(&policy::TableVictim::victim);
    table.decided.note_victims(table.slots.positions(), of_table, lane.rules.knobs.sinks);
  }
  workspace.shared.order_by_slot();
  for (const auto& [index, victim] : victims) {
    remove_slot(cache.tables[static_cast<std::size_t>(index)], victim.slot);
  }
  for (CacheTable& table : cache.tables) table.bounds.rebuild(table.slots);
}

void place_in(LaneState& lane, CacheTable& table, const model::InputRow& row,
              std::optional<int> freed) {
  if (freed) {
    table.newest_slot = *freed;
    table.slots.claim(table.newest_slot, row.position, row.token);
    if (lane.rules.ranks_positions()) table.ranks.replace(table.newest_slot);
  } else {
    table.newest_slot = table.slots.claim(row.position, row.token);
    if (lane.rules.ranks_positions()) table.ranks.append();
  }
  lane.holders.add(row.position);
  table.statistics.admit(table.newest_slot);
  if (!lane.rules.coder) return;
  table.codes.resize(static_cast<std::size_t>(table.slots.stored()));
  table.codes[static_cast<std::size_t>(table.newest_slot)] = sketch::ItemMap::kUnknownCode;
}

}  // namespace

Placement place_token(LaneState& lane, int layer, const model::InputRow& row,
                      LaneWorkspace& workspace) {
  const bool shared = lane.shares_slots() && lane.rules.policy->evicts();
  if (shared) free_shared_slots(lane, layer, workspace);
  for (CacheTable& table : lane.layer(layer).tables) {
    const bool full = !shared && lane.is_full(layer, table);
    place_in(lane, table, row,
             full ? free_slots(lane, layer, table, workspace) : std::optional<int>());
  }
  return {.layer = layer};
}

StoredToken store_token(LaneState& lane, const Placement& placement, const KeyValue& incoming,
                        const LaneWorkspace& workspace) {
  const trace::ScopedSpan span(workspace.recorder, trace::Operation::store,
                               {.layer = placement.layer, .row = workspace.row});
  const std::size_t width = lane.head_width();
  for (CacheTable& table : lane.layer(placement.layer).tables) {
    const auto slot = static_cast<std::size_t>(table.newest_slot);
    const cache::SlotTable::Entry entry{.position = table.slots.positions()[slot],
                                        .token = table.slots.tokens()[slot],
                                        .key = part_of(incoming.key, table.heads.kv, width),
                                        .value = part_of(incoming.value, table.heads.kv, width)};
    table.slots.write(table.newest_slot, entry.key, entry.value);
    table.bounds.update(table.slots, table.newest_slot);
    const std::span<const float> audited =
        incoming.audited_key.empty() ? incoming.key : incoming.audited_key;
    note_entry(lane, table, entry, part_of(audited, table.heads.kv, width));
  }
  return {.layer = placement.layer};
}

void note_entry(const LaneState& lane, CacheTable& table, const cache::SlotTable::Entry& entry,
                std::span<const float> audited_key) {
  if (table.audit) {
    cache::SlotTable::Entry audited = entry;
    audited.key = audited_key;
    table.audit->admit(audited);
  }
  reserve_to_compare(lane, table);
  table.decided.note_written(table.slots, table.newest_slot, entry.key, entry.value, table.decoded);
  note_vectors(lane, table, table.newest_slot, entry.key, entry.value);
}

}  // namespace sketchscope::decode
