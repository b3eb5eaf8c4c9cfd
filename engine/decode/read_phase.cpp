#include "engine/decode/read_phase.hpp"

#include <algorithm>
#include <limits>

namespace sketchscope {
namespace {

// The query heads of a lane's tables, asked for as the kernel takes them.
LayerAttention ask_tables(const LaneState& lane, const SlotSelection& selection,
                          const LaneQuery& query, LaneWorkspace& workspace, AttentionBatch& batch) {
  const LayerCache& cache = lane.layer(selection.layer);
  const auto heads = static_cast<std::size_t>(lane.config.heads);
  const auto stored = static_cast<std::size_t>(cache.stored());
  workspace.mass.resize(heads * stored);
  workspace.log_sum_exp.resize(heads);
  for (std::size_t index = 0; index < cache.tables.size(); ++index) {
    const CacheTable& table = cache.tables[index];
    const HeadRange& of_table = table.heads.query;
    batch.add({.pages = table.slots.pages(),
               .format = table.slots.format(),
               .stored = table.slots.stored(),
               .slots = selection.slots.empty() ? std::span<const int>() : selection.slots[index],
               .heads = of_table.count,
               .kv_heads = table.heads.kv.count,
               .head_width = lane.config.head_width,
               .scale = lane.config.attention_scale(selection.layer),
               .query = part_of(query.query, of_table, lane.head_width())},
              {.output = part_of(query.output, of_table, lane.head_width()),
               .mass = part_of(std::span(workspace.mass), of_table, stored),
               .log_sum_exp = part_of(std::span(workspace.log_sum_exp), of_table, 1)});
  }
  return {.selection = selection,
          .query = query.query,
          .output = query.output,
          .mass = workspace.mass,
          .log_sum_exp = workspace.log_sum_exp};
}

enum class IncomingKey : std::uint8_t { known, unknown };

/// Whether the policy's score of a position follows from its key.
bool scores_by_key(const CacheRules& rules) {
  const StatisticSet needs = rules.policy->needs();
  return rules.coder != nullptr || std::ranges::find(needs, Statistic::key_norm) != needs.end();
}

SlotSelection choose(const LaneState& lane, int layer, IncomingKey incoming,
                     LaneWorkspace& workspace) {
  const std::vector<CacheTable>& tables = lane.layer(layer).tables;
  const bool scored = lane.rules.read->needs_scores();
  const bool ranks_lowest = scored && incoming == IncomingKey::unknown && scores_by_key(lane.rules);
  workspace.read_slots.resize(std::max(workspace.read_slots.size(), tables.size()));
  for (std::size_t index = 0; index < tables.size(); ++index) {
    const CacheTable& table = tables[index];
    workspace.importance.resize(static_cast<std::size_t>(table.slots.stored()));
    if (scored) lane.score(layer, table, workspace.importance);
    if (ranks_lowest) {
      workspace.importance[static_cast<std::size_t>(table.newest_slot)] =
          -std::numeric_limits<float>::infinity();
    }
    lane.rules.read->choose_slots({.positions = table.slots.positions(),
                                   .importance = workspace.importance,
                                   .protection = lane.rules.protection_with_newest(),
                                   .read_k = lane.rules.knobs.read_k},
                                  workspace.read_slots[index]);
  }
  return {.layer = layer, .slots = std::span(workspace.read_slots).first(tables.size())};
}

}  // namespace

SlotSelection select_slots(const LaneState& lane, const StoredToken& stored,
                           LaneWorkspace& workspace) {
  return choose(lane, stored.layer, IncomingKey::known, workspace);
}

SlotSelection plan_slots(const LaneState& lane, const Placement& placement,
                         LaneWorkspace& workspace) {
  return choose(lane, placement.layer, IncomingKey::unknown, workspace);
}

void LayerReads::begin() {
  batch_.clear();
  attentions_.clear();
}

void LayerReads::ask(const LaneState& lane, const StoredToken&, const SlotSelection& selection,
                     const LaneQuery& query, LaneWorkspace& workspace) {
  attentions_.push_back(ask_tables(lane, selection, query, workspace, batch_));
}

std::span<const LayerAttention> LayerReads::run(ThreadPool& pool) {
  batch_.run(pool);
  return attentions_;
}

LayerAttention attend_to_all(const LaneState& lane, int layer, const LaneQuery& query,
                             LaneWorkspace& workspace) {
  AttentionBatch batch;
  const LayerAttention attention =
      ask_tables(lane, {.layer = layer, .slots = {}}, query, workspace, batch);
  batch.run();
  return attention;
}

}  // namespace sketchscope
