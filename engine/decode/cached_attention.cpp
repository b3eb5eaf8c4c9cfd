#include "engine/decode/cached_attention.hpp"

#include <algorithm>

#include "engine/core/stopwatch.hpp"
#include "engine/decode/audit_phase.hpp"
#include "engine/decode/prompt_phase.hpp"
#include "engine/decode/update_phase.hpp"
#include "kernels/attention.hpp"

namespace sketchscope {

void StepWorkspace::resize(std::size_t rows) {
  lanes.resize(std::max(lanes.size(), rows));
  merged.resize(std::max(merged.size(), rows));
  for (LaneWorkspace& workspace : lanes) workspace.policy_ms = 0;
}

std::size_t StepWorkspace::bytes() const {
  std::size_t bytes = 0;
  for (const LaneWorkspace& workspace : lanes) bytes += workspace.bytes();
  return bytes;
}

CachedAttention::CachedAttention(ThreadPool& pool, const StepRows& rows)
    : pool_(pool), rows_(rows) {}

void CachedAttention::attend(int layer, const AttentionInput& input, std::span<float> output) {
  Stopwatch watch;
  const double before = times_.policy_ms;
  store_and_ask(layer, input, output);
  const std::span<const LayerAttention> attentions = rows_.workspace.reads.run(pool_);
  times_.attention_ms += watch.lap_ms() - (times_.policy_ms - before);
  update(attentions);
}

// Pages come from one pool, so storing is not spread over threads.
void CachedAttention::store_and_ask(int layer, const AttentionInput& input,
                                    std::span<float> output) {
  rows_.workspace.reads.begin();
  for (std::size_t row = 0; row < rows_.lanes.size(); ++row) {
    LaneState& lane = rows_.lanes[row]->state();
    LaneWorkspace& workspace = rows_.workspace.lanes[row];
    const Stopwatch own;
    const Placement placement = place_token(lane, layer, rows_.inputs[row], workspace);
    const StoredToken stored =
        store_token(lane, placement, {.key = input.key.row(row), .value = input.value.row(row)});
    const double store_ms = own.elapsed_ms();
    workspace.policy_ms += store_ms;
    times_.policy_ms += store_ms;
    const SlotSelection selection = select_slots(lane, stored, workspace);
    const LaneQuery query{.query = input.query.row(row),
                          .output = output.subspan(row * input.query.width, input.query.width)};
    rows_.workspace.reads.ask(lane, stored, selection, query, workspace);
  }
}

void CachedAttention::update(std::span<const LayerAttention> attentions) {
  const Stopwatch watch;
  pool_.run(static_cast<int>(rows_.lanes.size()), [&](int index) {
    const auto row = static_cast<std::size_t>(index);
    LaneState& lane = rows_.lanes[row]->state();
    LaneWorkspace& workspace = rows_.workspace.lanes[row];
    const Stopwatch own;
    const MergedAttention merged = merge_tail(lane, attentions[row], workspace);
    update_lane(lane, merged, workspace);
    rows_.workspace.merged[row] = merged;
    workspace.policy_ms += own.elapsed_ms();
  });
  times_.policy_ms += watch.elapsed_ms();
  audit();
}

void CachedAttention::audit() {
  const Stopwatch watch;
  StepWorkspace& workspace = rows_.workspace;
  workspace.shadow.clear();
  for (std::size_t row = 0; row < rows_.lanes.size(); ++row) {
    ask_shadow(rows_.lanes[row]->state(), workspace.merged[row], workspace.shadow);
  }
  workspace.shadow.run(pool_);
  pool_.run(static_cast<int>(rows_.lanes.size()), [&](int index) {
    const auto row = static_cast<std::size_t>(index);
    compare_with_shadow(rows_.lanes[row]->state(), workspace.merged[row]);
  });
  times_.audit_ms += watch.elapsed_ms();
}

PromptPass::PromptPass(const ModelConfig& config, ThreadPool& pool, std::span<Lane* const> lanes,
                       std::span<const int> tokens)
    : config_(config), pool_(pool), lanes_(lanes), tokens_(tokens) {}

void PromptPass::attend(int layer, const AttentionInput& input, std::span<float> output) {
  const std::size_t count = tokens_.size();
  Stopwatch watch;
  mass_.assign(static_cast<std::size_t>(config_.heads) * count, 0.0F);
  const PromptAttention prompt{.tokens = static_cast<int>(count),
                               .heads = config_.heads,
                               .kv_heads = config_.kv_heads,
                               .head_width = config_.head_width,
                               .scale = config_.attention_scale(layer),
                               .query = input.query,
                               .key = input.key,
                               .value = input.value};
  pool_.run(config_.heads, [&](int head) {
    prompt_attention(prompt, head, output,
                     std::span(mass_).subspan(static_cast<std::size_t>(head) * count, count));
  });
  times_.attention_ms += watch.lap_ms();

  for (Lane* lane : lanes_) store(lane->state(), layer, input);
  times_.policy_ms += watch.lap_ms();
}

void PromptPass::store(LaneState& lane, int layer, const AttentionInput& input) {
  store_tokens(lane, layer, input);
  // The last query once more, over the table, gives its own probabilities.
  std::vector<float> unused(input.query.width);
  const LayerAttention last = attend_to_all(
      lane, layer, {.query = input.query.row(tokens_.size() - 1), .output = unused}, workspace_);
  update_from_prompt(lane, layer, {.total = mass_, .last = last.mass}, workspace_);
  prune_prompt(lane, layer, workspace_);
}

void PromptPass::store_tokens(LaneState& lane, int layer, const AttentionInput& input) {
  std::vector<float> output(input.query.width);
  for (std::size_t row = 0; row < tokens_.size(); ++row) {
    store_prompt_token(lane, layer,
                       {.position = static_cast<int>(row),
                        .token = tokens_[row],
                        .key = input.key.row(row),
                        .value = input.value.row(row)});
    if (!reads_prompt_rows(lane)) continue;
    const LayerAttention attention =
        attend_to_all(lane, layer, {.query = input.query.row(row), .output = output}, workspace_);
    update_from_prompt_row(lane, attention, workspace_);
  }
}

}  // namespace sketchscope
