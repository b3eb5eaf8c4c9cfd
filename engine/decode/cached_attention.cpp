#include "engine/decode/cached_attention.hpp"

#include <algorithm>

#include "engine/core/timing.hpp"
#include "engine/decode/phases.hpp"
#include "kernels/attention.hpp"
#include "kernels/rotary.hpp"

namespace sketchscope::decode {
namespace {

// Returns the query and the results of one table in the form that the audit takes.
cache::LayerAudit::Query query_of(const LaneState& lane, const MergedAttention& merged,
                                  std::size_t index) {
  const LayerAttention& attention = merged.attention;
  const int layer = attention.selection.layer;
  const CacheTable& table = lane.layer(layer).tables[index];
  const sketch::HeadRange& heads = table.heads.query;
  const std::size_t width = lane.head_width();
  const bool has_tail = !merged.tail_share.empty();
  const std::span<const std::vector<int>> selected = attention.selection.slots;
  const bool by_head = attention.selection.by_query_head;
  return {.table = table.slots,
          .slots = by_head ? part_of(selected, heads, 1) : selected.subspan(index, 1),
          .query = part_of(attention.query, heads, width),
          .output = part_of(std::span<const float>(attention.output), heads, width),
          .mass = lane.layer(layer).mass_part(std::span<const float>(attention.mass), index),
          .log_sum_exp = part_of(attention.log_sum_exp, heads, 1),
          .tail_share = has_tail ? part_of(merged.tail_share, heads, 1) : merged.tail_share,
          .scale = lane.config.attention_scale(layer)};
}

void show(cache::AttentionObserver& observer, int layer, const CacheTable& table,
          const cache::LayerAudit::Query& query) {
  const int position = std::ranges::max(table.slots.positions());  // that of the incoming token
  cache::ShadowAttention attention;
  for (int head = 0; head < table.heads.query.count; ++head) {
    const int of_layer = table.heads.query.first + head;
    if (!observer.wants(layer, of_layer, position)) continue;
    table.audit->align(query, head, attention);
    observer.see(layer, of_layer, attention);
  }
}

// Adds the reads that compare_with_shadow() needs to a batch, if the lane is audited. The audit
// keeps their results.
void ask_shadow(LaneState& lane, const MergedAttention& merged, cache::AttentionBatch& batch) {
  if (!lane.audits()) return;
  std::vector<CacheTable>& tables = lane.layer(merged.attention.selection.layer).tables;
  for (std::size_t index = 0; index < tables.size(); ++index) {
    tables[index].audit->add_reads(query_of(lane, merged, index), batch);
  }
}

// Computes divergence and regret, and shows the observer what it asks for. The batch must have been
// run.
void compare_with_shadow(LaneState& lane, const MergedAttention& merged) {
  if (!lane.audits()) return;
  const int layer = merged.attention.selection.layer;
  std::vector<CacheTable>& tables = lane.layer(layer).tables;
  for (std::size_t index = 0; index < tables.size(); ++index) {
    const cache::LayerAudit::Query query = query_of(lane, merged, index);
    tables[index].divergence = tables[index].audit->compare(query);
    if (lane.measured.observer) show(*lane.measured.observer, layer, tables[index], query);
  }
}

// Whether full attention has other queries and keys than the lane, which come unrotated.
bool rotates_for_audit(const LaneState& lane) {
  return lane.rules.ranks_positions() && lane.audits();
}

// A token's query (H, D) and key (K, D) rotated by its position, as full attention has them.
struct AtPosition {
  std::span<const float> query;
  std::span<const float> key;
};
AtPosition rotated_by_position(const LaneState& lane, std::span<const float> query,
                               std::span<const float> key, LaneWorkspace& workspace) {
  const std::span<float> rotated = workspace.at_position;
  const auto key_at = std::ranges::copy(query, rotated.begin()).out;
  std::ranges::copy(key, key_at);
  const std::span<const float> rotation = workspace.own_rotation;
  const std::size_t pairs = rotation.size() / 2;
  kernels::rotate({.cosine = rotation.first(pairs), .sine = rotation.last(pairs)},
                  lane.config.head_width, rotated);
  return {.query = rotated.first(query.size()), .key = rotated.last(key.size())};
}

}  // namespace

void StepWorkspace::resize(std::size_t rows) {
  lanes.resize(std::max(lanes.size(), rows));
  merged.resize(std::max(merged.size(), rows));
  for (LaneWorkspace& workspace : lanes) workspace.policy_ms = 0;
}

void StepWorkspace::trace_to(trace::Recorder* noting) {
  recorder = noting;
  for (std::size_t row = 0; row < lanes.size(); ++row) {
    lanes[row].recorder = noting;
    lanes[row].row = static_cast<int>(row);
  }
}

std::size_t StepWorkspace::bytes() const {
  std::size_t bytes = prompt.bytes();
  for (const LaneWorkspace& workspace : lanes) bytes += workspace.bytes();
  return bytes;
}

CachedAttention::CachedAttention(kernels::ThreadPool& pool, const StepRows& rows)
    : pool_(pool), rows_(rows) {
  for (std::size_t row = 0; row < rows.lanes.size(); ++row) {
    const LaneState& lane = rows.lanes[row]->state();
    if (!rotates_for_audit(lane)) continue;
    model::write_rotations(*lane.config.rotary, rows.inputs.subspan(row, 1),
                           rows.workspace.lanes[row].own_rotation);
  }
}

void CachedAttention::attend(int layer, const model::AttentionInput& input,
                             std::span<float> output) {
  core::Stopwatch watch;
  const double before = times_.policy_ms;
  store_and_ask(layer, input, output);
  const std::span<const LayerAttention> attentions = read(layer);
  times_.attention_ms += watch.lap_ms() - (times_.policy_ms - before);
  update(attentions);
}

std::span<const LayerAttention> CachedAttention::read(int layer) {
  trace::Recorder* const recorder = rows_.workspace.recorder;
  LayerReads& reads = rows_.workspace.reads;
  const trace::ScopedSpan span(recorder, trace::Operation::attention, {.layer = layer},
                               recorder != nullptr ? reads.work() : trace::Work());
  return reads.run(pool_);
}

// Pages come from one pool, so storing is not spread over threads.
void CachedAttention::store_and_ask(int layer, const model::AttentionInput& input,
                                    std::span<float> output) {
  rows_.workspace.reads.begin();
  for (std::size_t row = 0; row < rows_.lanes.size(); ++row) {
    LaneState& lane = rows_.lanes[row]->state();
    LaneWorkspace& workspace = rows_.workspace.lanes[row];
    const core::Stopwatch own;
    const Placement placement = place_token(lane, layer, rows_.inputs[row], workspace);
    const AtPosition audited =
        rotates_for_audit(lane)
            ? rotated_by_position(lane, input.query.row(row), input.key.row(row), workspace)
            : AtPosition{};
    const StoredToken stored = store_token(
        lane, placement,
        {.key = input.key.row(row), .value = input.value.row(row), .audited_key = audited.key},
        workspace);
    const double store_ms = own.elapsed_ms();
    workspace.policy_ms += store_ms;
    times_.policy_ms += store_ms;
    const trace::ScopedSpan span(workspace.recorder, trace::Operation::choose_slots,
                                 {.layer = layer, .row = workspace.row});
    const SlotSelection selection = select_slots(lane, stored, input.query.row(row), workspace);
    const LaneQuery query{.query = input.query.row(row),
                          .output = output.subspan(row * input.query.width, input.query.width),
                          .audited_query = audited.query};
    rows_.workspace.reads.ask(lane, stored, selection, query, workspace);
  }
}

void CachedAttention::update(std::span<const LayerAttention> attentions) {
  const int layer = attentions.front().selection.layer;
  const core::Stopwatch watch;
  update_lanes(layer, attentions);
  times_.policy_ms += watch.elapsed_ms();
  audit(layer);
}

void CachedAttention::update_lanes(int layer, std::span<const LayerAttention> attentions) {
  const trace::ScopedSpan span(rows_.workspace.recorder, trace::Operation::update,
                               {.layer = layer});
  pool_.run(static_cast<int>(rows_.lanes.size()), [&](int index) {
    const auto row = static_cast<std::size_t>(index);
    LaneState& lane = rows_.lanes[row]->state();
    LaneWorkspace& workspace = rows_.workspace.lanes[row];
    const core::Stopwatch own;
    const MergedAttention merged = merge_tail(lane, attentions[row], workspace);
    update_lane(lane, merged, workspace);
    rows_.workspace.merged[row] = merged;
    workspace.policy_ms += own.elapsed_ms();
  });
}

void CachedAttention::audit(int layer) {
  const core::Stopwatch watch;
  StepWorkspace& workspace = rows_.workspace;
  const bool audits =
      std::ranges::any_of(rows_.lanes, [](Lane* lane) { return lane->state().audits(); });
  trace::ScopedSpan span(audits ? workspace.recorder : nullptr, trace::Operation::audit,
                         {.layer = layer});
  workspace.shadow.clear();
  for (std::size_t row = 0; row < rows_.lanes.size(); ++row) {
    ask_shadow(rows_.lanes[row]->state(), workspace.merged[row], workspace.shadow);
  }
  if (workspace.recorder != nullptr) span.add(workspace.shadow.work());
  workspace.shadow.run(pool_);
  pool_.run(static_cast<int>(rows_.lanes.size()), [&](int index) {
    const auto row = static_cast<std::size_t>(index);
    compare_with_shadow(rows_.lanes[row]->state(), workspace.merged[row]);
  });
  times_.audit_ms += watch.elapsed_ms();
}

}  // namespace sketchscope::decode
