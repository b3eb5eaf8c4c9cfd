#include <algorithm>

#include "engine/core/memory.hpp"
#include "engine/decode/lane_state.hpp"
#include "engine/decode/phases.hpp"

namespace sketchscope::decode {
namespace {

// Returns how many slots of one table may leave when the next token comes.
int most_victims(const LaneState& lane, int layer, const CacheTable& table) {
  if (!lane.is_full(layer, table)) return 0;
  const std::size_t heads = lane.shares_slots() ? lane.layer(layer).tables.size() : 1;
  return std::min(lane.rules.knobs.evict_batch * static_cast<int>(heads), table.slots.stored());
}

// Takes the memory of the next token in one table. Returns how many free pages it may need besides.
std::size_t reserve_slot(const LaneState& lane, int layer, CacheTable& table) {
  reserve_to_compare(lane, table);
  const int victims = most_victims(lane, layer, table);
  std::size_t pages = table.slots.pages_to_replace(victims);
  if (table.audit && table.audit->keeps_originals()) {
    table.audit->reserve_next();
  } else if (table.audit && victims > 0) {
    table.audit->reserve_next(victims);
    if (victims > 1) pages += static_cast<std::size_t>(victims) / kernels::kSlotsPerPage + 1;
  }
  // Tables that share their slots may grow although others have to lose some, and so may one whose
  // victim is spared.
  if (victims > 0 && !lane.shares_slots() && !lane.spares_in(table)) return pages;
  table.slots.reserve_to_append();
  table.statistics.reserve_to_admit();
  table.bounds.reserve(static_cast<std::size_t>(table.slots.stored()) + 1);
  if (lane.rules.ranks_positions()) table.ranks.reserve_to_append();
  if (lane.rules.coder) core::reserve_ahead(table.codes, table.codes.size() + 1);
  return pages;
}

void reserve_workspace(const LaneState& lane, std::size_t slots, LaneWorkspace& workspace) {
  const auto heads = static_cast<std::size_t>(lane.config.heads);
  const std::vector<CacheTable>& tables = lane.layers.front().tables;
  const std::size_t item_rows = lane.rules.sketch_key == sketch::SketchKey::head_position
                                    ? static_cast<std::size_t>(lane.kv_heads())
                                    : tables.size();
  core::reserve_ahead(workspace.mass, heads * slots);
  for (auto* of_slots : {&workspace.slot_mass, &workspace.importance, &workspace.estimates}) {
    core::reserve_ahead(*of_slots, slots);
  }
  if (tables.front().statistics.keeps(cache::Statistic::output_perturbation)) {
    core::reserve_ahead(workspace.perturbation, slots);
  }
  if (lane.rules.knobs.evict_batch > 1) workspace.leaving.reserve(slots);
  core::reserve_ahead(workspace.leaving.victims, 1);
  workspace.score_room.reserve(
      lane.rules.policy->score_room(lane.table_size(tables.front().heads, slots)));
  if (lane.rules.policy->needs_query_moments() && lane.config.rotary) {
    core::reserve_ahead(workspace.score_room.mean_rotation, lane.config.rotary->width());
    core::reserve_ahead(workspace.unrotated, (heads + 1) * lane.head_width());
  }
  if (lane.shares_slots()) workspace.shared.reserve(tables.size() * slots, tables.size());
  core::reserve_ahead(workspace.items, item_rows * slots);
  core::reserve_ahead(workspace.ids, slots);
  const bool by_head = lane.rules.read->reads_pages();
  workspace.read_slots.resize(
      std::max(workspace.read_slots.size(), by_head ? heads : tables.size()));
  if (by_head) {
    const std::size_t pages = slots / kernels::kSlotsPerPage + 1;
    core::reserve_ahead(workspace.page_bounds, pages);
    core::reserve_ahead(workspace.head_pages, static_cast<std::size_t>(lane.kv_heads()) * pages);
  }
  if (lane.rules.ranks_positions()) {
    const auto kv_heads = static_cast<std::size_t>(lane.kv_heads());
    core::reserve_ahead(workspace.rotated_query, heads * lane.head_width());
    workspace.own_rotation.resize(lane.config.rotary->width());
    workspace.at_position.resize((heads + kv_heads) * lane.head_width());
  }
  if (!lane.rules.read->needs_scores() && !by_head) return;
  for (std::vector<int>& chosen : workspace.read_slots) core::reserve_ahead(chosen, slots);
}

}  // namespace

void reserve_to_compare(const LaneState& lane, CacheTable& table) {
  if (table.slots.format() == kernels::KvFormat::f32) return;
  table.decoded.resize(static_cast<std::size_t>(table.heads.kv.count) * lane.head_width());
}

std::size_t reserve_for_step(LaneState& lane, LaneWorkspace& workspace) {
  const bool past_context = lane.tokens.size() >= static_cast<std::size_t>(lane.config.positions);
  if (past_context && lane.audits()) lane.end_audit();
  core::reserve_ahead(lane.tokens, lane.tokens.size() + 1);
  lane.holders.reserve_next();
  const std::size_t tables = lane.layers.size() * lane.layers.front().tables.size();
  if (lane.rules.policy->evicts()) {
    const auto victims = static_cast<std::size_t>(
        std::min(lane.rules.knobs.evict_batch, lane.rules.knobs.max_cache_size));
    core::reserve_ahead(lane.evictions, lane.evictions.size() + tables * victims);
  }
  std::size_t pages = 0;
  std::size_t slots = 0;
  for (int layer = 0; layer < lane.config.layers; ++layer) {
    LayerCache& cache = lane.layer(layer);
    for (CacheTable& table : cache.tables) {
      pages += reserve_slot(lane, layer, table);
      const bool stays =
          lane.is_full(layer, table) && !lane.shares_slots() && !lane.spares_in(table);
      slots = std::max(slots, static_cast<std::size_t>(table.slots.stored()) + (stays ? 0 : 1));
    }
  }
  lane.reserve_rotations(static_cast<int>(slots));
  reserve_workspace(lane, slots, workspace);
  return pages;
}

void reserve_pages(const LaneState& lane, std::size_t pages) {
  if (pages == 0) return;
  lane.pages->of(lane.page_shape())->reserve(pages);
  if (lane.audits()) lane.pages->of(lane.audit_shape())->reserve(pages);
}

}  // namespace sketchscope::decode
