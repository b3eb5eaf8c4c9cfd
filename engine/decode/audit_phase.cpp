#include "engine/decode/audit_phase.hpp"

#include <algorithm>

namespace sketchscope {
namespace {

// How one table answered.
LayerAudit::Query query_of(const LaneState& lane, const MergedAttention& merged,
                           std::size_t index) {
  const LayerAttention& attention = merged.attention;
  const int layer = attention.selection.layer;
  const CacheTable& table = lane.layer(layer).tables[index];
  const HeadRange& heads = table.heads.query;
  const std::size_t width = lane.head_width();
  const auto stored = static_cast<std::size_t>(table.slots.stored());
  const bool has_tail = !merged.tail_share.empty();
  return {.table = table.slots,
          .slots = attention.selection.slots[index],
          .query = part_of(attention.query, heads, width),
          .output = part_of(std::span<const float>(attention.output), heads, width),
          .mass = part_of(std::span<const float>(attention.mass), heads, stored),
          .log_sum_exp = part_of(attention.log_sum_exp, heads, 1),
          .tail_share = has_tail ? part_of(merged.tail_share, heads, 1) : merged.tail_share,
          .scale = lane.config.attention_scale(layer)};
}

void show(AttentionObserver& observer, int layer, const CacheTable& table,
          const LayerAudit::Query& query) {
  const int position = std::ranges::max(table.slots.positions());  // the incoming token's
  ShadowAttention attention;
  for (int head = 0; head < table.heads.query.count; ++head) {
    const int of_layer = table.heads.query.first + head;
    if (!observer.wants(layer, of_layer, position)) continue;
    table.audit->align(query, head, attention);
    observer.see(layer, of_layer, attention);
  }
}

}  // namespace

void ask_shadow(LaneState& lane, const MergedAttention& merged, AttentionBatch& batch) {
  if (!lane.measured.audit) return;
  std::vector<CacheTable>& tables = lane.layer(merged.attention.selection.layer).tables;
  for (std::size_t index = 0; index < tables.size(); ++index) {
    tables[index].audit->add_reads(query_of(lane, merged, index), batch);
  }
}

void compare_with_shadow(LaneState& lane, const MergedAttention& merged) {
  if (!lane.measured.audit) return;
  const int layer = merged.attention.selection.layer;
  std::vector<CacheTable>& tables = lane.layer(layer).tables;
  for (std::size_t index = 0; index < tables.size(); ++index) {
    const LayerAudit::Query query = query_of(lane, merged, index);
    tables[index].divergence = tables[index].audit->compare(query);
    if (lane.measured.observer) show(*lane.measured.observer, layer, tables[index], query);
  }
}

}  // namespace sketchscope
