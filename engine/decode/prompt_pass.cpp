// This file puts a prompt that runs through the model in one pass into the caches of lanes.
#include "engine/decode/cached_attention.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "engine/core/timing.hpp"
#include "kernels/prompt_attention.hpp"
#include "kernels/rotary.hpp"

namespace sketchscope::decode {
namespace {

// Returns the first query of a prompt of `count` tokens from which on each has to be read by
// itself, since the policy needs more than the sums of mass.
int first_row_read(const LaneState& lane, int count) {
  const cache::SlotStatistics& kept = lane.layers.front().tables.front().statistics;
  if (kept.keeps(cache::Statistic::output_perturbation)) return 0;
  return std::max(count - kept.mass_rows().rows(), 0);
}

bool stores_unrotated(const Lane* lane) {
  return lane->state().rules.ranks_positions();
}

// Returns the work of causal attention from the tokens [first, end) of a prompt.
trace::Work prompt_work(const model::ModelConfig& config, int first, int end) {
  const auto from = static_cast<std::int64_t>(first);
  const auto to = static_cast<std::int64_t>(end);
  const std::int64_t pairs = (to * (to + 1) - from * (from + 1)) / 2;  // of a query and a key
  constexpr std::int64_t kNumberBytes = sizeof(float);
  return {.bytes = 2 * to * config.kv_width() * kNumberBytes,
          .multiply_adds = 2 * pairs * config.query_width()};
}

}  // namespace

std::vector<model::InputRow> prompt_rows(std::span<const int> tokens, bool rotated) {
  std::vector<model::InputRow> rows;
  for (const int token : tokens) {
    rows.push_back({.token = token, .position = static_cast<int>(rows.size()), .rotated = rotated});
  }
  return rows;
}

std::size_t PromptWorkspace::bytes() const {
  std::size_t numbers = 0;
  for (const auto* part : {&keys, &values, &mass, &rotations, &rotated})
    numbers += part->capacity();
  return numbers * sizeof(float) + lane.bytes();
}

void store_prompt_token(LaneState& lane, int layer, const cache::SlotTable::Entry& entry,
                        std::span<const float> audited_key) {
  for (CacheTable& table : lane.layer(layer).tables) {
    cache::SlotTable::Entry part = entry;
    part.key = part_of(entry.key, table.heads.kv, lane.head_width());
    part.value = part_of(entry.value, table.heads.kv, lane.head_width());
    table.newest_slot = table.slots.append(part);
    table.bounds.update(table.slots, table.newest_slot);
    if (lane.rules.ranks_positions()) table.ranks.append();
    lane.holders.add(entry.position);
    table.statistics.admit(table.newest_slot);
    note_entry(lane, table, part, part_of(audited_key, table.heads.kv, lane.head_width()));
  }
}

void update_from_prompt(LaneState& lane, int layer, const PromptMass& mass,
                        LaneWorkspace& workspace) {
  LayerCache& cache = lane.layer(layer);
  std::vector<int> queries(static_cast<std::size_t>(cache.longest()));
  std::iota(queries.rbegin(), queries.rend(), 1);  // rows i … N − 1 attend to key i
  std::vector<float> last(queries.size());
  workspace.slot_mass.resize(last.size());
  for (std::size_t index = 0; index < cache.tables.size(); ++index) {
    cache::sum_heads(cache.mass_of(mass.last, index), last);
    cache::sum_heads(cache.mass_of(mass.total, index), workspace.slot_mass);
    cache.tables[index].statistics.observe_prompt(workspace.slot_mass, last, queries);
  }
  count_mass(lane, layer, mass.total, workspace);
}

void prune_prompt(LaneState& lane, int layer, LaneWorkspace& workspace) {
  evict_surplus(lane, layer, record::EvictionReason::prompt_cut, workspace);
}

PromptPass::PromptPass(const model::ModelConfig& config, kernels::ThreadPool& pool,
                       std::span<Lane* const> lanes, std::span<const int> tokens,
                       PromptWorkspace& workspace)
    : config_(config),
      pool_(pool),
      lanes_(lanes, tokens, workspace),
      tokens_(tokens),
      workspace_(workspace) {
  const auto kv_numbers = tokens.size() * static_cast<std::size_t>(config.kv_width());
  workspace_.keys.resize(kv_numbers);
  workspace_.values.resize(kv_numbers);
  workspace_.rotations.clear();
  if (std::ranges::none_of(lanes, stores_unrotated)) return;
  workspace_.rotations.resize(tokens.size() * config.rotary->width());
  model::write_rotations(*config.rotary, prompt_rows(tokens), workspace_.rotations);
  for (Lane* lane : lanes) lane->state().reserve_rotations(static_cast<int>(tokens.size()));
}

PromptPart PromptPass::rotate(int first, const model::AttentionInput& input) {
  if (workspace_.rotations.empty())
    return {.first = first, .end = taken_, .unrotated = input, .rotated = input};
  const std::size_t width = input.query.width + input.key.width;
  const std::size_t pairs = config_.rotary->frequencies.size();
  const int count = taken_ - first;
  workspace_.rotated.resize(static_cast<std::size_t>(count) * width);
  pool_.run(count, [&](int index) {
    const auto row = static_cast<std::size_t>(index);
    const auto position = static_cast<std::size_t>(first) + row;
    const auto heads = std::span(workspace_.rotated).subspan(row * width, width);
    std::ranges::copy(input.key.row(row),
                      std::ranges::copy(input.query.row(row), heads.begin()).out);
    const auto rotation = std::span(workspace_.rotations).subspan(2 * position * pairs, 2 * pairs);
    kernels::rotate({.cosine = rotation.first(pairs), .sine = rotation.last(pairs)},
                    config_.head_width, heads);
  });
  const std::span<const float> numbers = workspace_.rotated;
  return {.first = first,
          .end = taken_,
          .unrotated = input,
          .rotated = {.query = {.numbers = numbers, .width = input.query.width, .stride = width},
                      .key = {.numbers = numbers.subspan(input.query.width),
                              .width = input.key.width,
                              .stride = width},
                      .value = input.value}};
}

void PromptPass::attend(int layer, const model::AttentionInput& input, std::span<float> output) {
  const int first =
      std::exchange(taken_, taken_ + static_cast<int>(output.size() / input.query.width));
  core::Stopwatch watch;
  const PromptPart part = attend_in_prompt(first, layer, input, output);
  times_.attention_ms += watch.lap_ms();
  lanes_.store(layer, part);
  if (taken_ == static_cast<int>(tokens_.size())) taken_ = 0;
  times_.policy_ms += watch.lap_ms();
}

PromptPart PromptPass::attend_in_prompt(int first, int layer, const model::AttentionInput& input,
                                        std::span<float> output) {
  const trace::ScopedSpan span(workspace_.lane.recorder, trace::Operation::attention,
                               {.layer = layer}, prompt_work(config_, first, taken_));
  const PromptPart part = rotate(first, input);
  keep_keys_and_values(first, part.rotated);
  attend_from(first, layer, part.rotated.query, output);
  return part;
}

void PromptPass::keep_keys_and_values(int first, const model::AttentionInput& rotated) {
  const auto width = static_cast<std::size_t>(config_.kv_width());
  for (int row = first; row < taken_; ++row) {
    const auto of_part = static_cast<std::size_t>(row - first);
    const auto place = static_cast<std::ptrdiff_t>(static_cast<std::size_t>(row) * width);
    std::ranges::copy(rotated.key.row(of_part), workspace_.keys.begin() + place);
    std::ranges::copy(rotated.value.row(of_part), workspace_.values.begin() + place);
  }
}

void PromptPass::attend_from(int first, int layer, const kernels::StridedRows& query,
                             std::span<float> output) {
  const std::size_t count = tokens_.size();
  if (first == 0) workspace_.mass.assign(static_cast<std::size_t>(config_.heads) * count, 0.0F);
  const auto width = static_cast<std::size_t>(config_.kv_width());
  const kernels::PromptAttention prompt{
      .tokens = taken_,
      .first = first,
      .heads = config_.heads,
      .kv_heads = config_.kv_heads,
      .head_width = config_.head_width,
      .scale = config_.attention_scale(layer),
      .query = query,
      .key = {.numbers = workspace_.keys, .width = width, .stride = width},
      .value = {.numbers = workspace_.values, .width = width, .stride = width}};
  kernels::prompt_attention(pool_, prompt, output, workspace_.mass);
}

PromptLanes::PromptLanes(std::span<Lane* const> lanes, std::span<const int> tokens,
                         PromptWorkspace& workspace)
    : lanes_(lanes), tokens_(tokens), workspace_(workspace) {}

void PromptLanes::store(int layer, const PromptPart& part) {
  {
    const trace::ScopedSpan span(workspace_.lane.recorder, trace::Operation::store,
                                 {.layer = layer});
    for (Lane* lane : lanes_) store_tokens(lane->state(), layer, part);
  }
  if (part.end < static_cast<int>(tokens_.size())) return;
  const auto last = static_cast<std::size_t>(part.end - part.first) - 1;
  for (Lane* lane : lanes_) {
    finish_layer(lane->state(), layer, part.of(lane->state()).query.row(last));
  }
}

void PromptLanes::store_tokens(LaneState& lane, int layer, const PromptPart& part) {
  const model::AttentionInput& input = part.of(lane);
  std::vector<float> output(input.query.width);
  const int first_read = first_row_read(lane, static_cast<int>(tokens_.size()));
  for (int position = part.first; position < part.end; ++position) {
    const auto row = static_cast<std::size_t>(position - part.first);
    store_prompt_token(lane, layer,
                       {.position = position,
                        .token = tokens_[static_cast<std::size_t>(position)],
                        .key = input.key.row(row),
                        .value = input.value.row(row)},
                       part.rotated.key.row(row));
    note_query(lane, layer, input.query.row(row), position, workspace_.lane);
    if (position < first_read) continue;
    const LayerAttention attention = attend_to_all(
        lane, layer, {.query = input.query.row(row), .output = output}, workspace_.lane);
    LayerCache& cache = lane.layer(layer);
    for (std::size_t index = 0; index < cache.tables.size(); ++index) {
      const cache::MassView mass = cache.mass_of(attention.mass, index);
      add_perturbation(lane, cache.tables[index], mass, attention.output, 1.0F, workspace_.lane);
      cache.tables[index].statistics.observe_row(mass);
    }
  }
}

void PromptLanes::finish_layer(LaneState& lane, int layer, std::span<const float> last_query) {
  update_by_prompt(lane, layer, last_query);
  prune_prompt(lane, layer, workspace_.lane);
}

void PromptLanes::update_by_prompt(LaneState& lane, int layer, std::span<const float> last_query) {
  const trace::ScopedSpan span(workspace_.lane.recorder, trace::Operation::update,
                               {.layer = layer});
  // The last query once more, over the table, gives its own probabilities.
  std::vector<float> unused(last_query.size());
  const LayerAttention last =
      attend_to_all(lane, layer, {.query = last_query, .output = unused}, workspace_.lane);
  update_from_prompt(lane, layer, {.total = workspace_.mass, .last = last.mass}, workspace_.lane);
}

}  // namespace sketchscope::decode
