#include "engine/decode/lane_workspace.hpp"

#include <algorithm>

#include "engine/core/memory.hpp"
#include "engine/decode/lane_state.hpp"

namespace sketchscope {
namespace {

void reserve_slot(const LaneState& lane, int layer, CacheTable& table) {
  const bool full = lane.is_full(layer, table);
  const bool audit_keeps_one = full || (table.audit && table.audit->keeps_originals());
  if (table.audit && audit_keeps_one) table.audit->reserve_next();
  if (full) return;
  table.slots.reserve_to_append();
  table.statistics.reserve_to_admit();
  if (lane.rules.coder) reserve_ahead(table.codes, table.codes.size() + 1);
}

void reserve_workspace(const LaneState& lane, std::size_t slots, LaneWorkspace& workspace) {
  const auto heads = static_cast<std::size_t>(lane.config.heads);
  const std::vector<CacheTable>& tables = lane.layers.front().tables;
  const std::size_t item_rows = lane.rules.sketch_key == SketchKey::head_position
                                    ? static_cast<std::size_t>(lane.kv_heads())
                                    : tables.size();
  reserve_ahead(workspace.mass, heads * slots);
  for (auto* of_slots : {&workspace.slot_mass, &workspace.importance, &workspace.estimates}) {
    reserve_ahead(*of_slots, slots);
  }
  if (tables.front().statistics.keeps(Statistic::output_perturbation)) {
    reserve_ahead(workspace.perturbation, slots);
  }
  reserve_ahead(workspace.items, item_rows * slots);
  reserve_ahead(workspace.ids, slots);
  workspace.read_slots.resize(std::max(workspace.read_slots.size(), tables.size()));
  if (!lane.rules.read->needs_scores()) return;
  for (std::vector<int>& chosen : workspace.read_slots) reserve_ahead(chosen, slots);
}

}  // namespace

std::size_t reserve_for_step(LaneState& lane, LaneWorkspace& workspace) {
  reserve_ahead(lane.tokens, lane.tokens.size() + 1);
  const std::size_t tables = lane.layers.size() * lane.layers.front().tables.size();
  if (lane.rules.policy->evicts()) {
    reserve_ahead(lane.evictions, lane.evictions.size() + tables);
  }
  std::size_t pages = 0;
  std::size_t slots = 0;
  for (int layer = 0; layer < lane.config.layers; ++layer) {
    LayerCache& cache = lane.layer(layer);
    for (CacheTable& table : cache.tables) {
      if (lane.is_full(layer, table)) pages += table.slots.pages_to_replace();
      reserve_slot(lane, layer, table);
    }
    slots = std::max(slots, static_cast<std::size_t>(cache.stored()) + 1);
  }
  reserve_workspace(lane, slots, workspace);
  return pages;
}

void reserve_pages(const LaneState& lane, std::size_t pages) {
  if (pages > 0) lane.pages->of(lane.page_shape())->reserve(pages);
}

std::size_t LaneWorkspace::bytes() const {
  std::size_t bytes = items.capacity() * sizeof(SketchItem) +
                      ids.capacity() * sizeof(std::uint32_t) +
                      historic_shares.capacity() * sizeof(double);
  for (const std::vector<int>& slots : read_slots) bytes += slots.capacity() * sizeof(int);
  for (const auto* numbers : {&mass, &log_sum_exp, &tail_share, &tail_mean, &slot_mass,
                              &perturbation, &importance, &estimates, &key, &value}) {
    bytes += numbers->capacity() * sizeof(float);
  }
  return bytes;
}

}  // namespace sketchscope
