// How lanes take over a prompt that runs through the model in one pass.
#include "engine/decode/cached_attention.hpp"

#include <algorithm>
#include <numeric>

#include "engine/core/timing.hpp"
#include "kernels/rotary.hpp"

namespace sketchscope::decode {
namespace {

// Whether each query of a prompt has to be read by itself, since sums of mass do not tell enough.
bool reads_prompt_rows(const LaneState& lane) {
  return lane.layers.front().tables.front().statistics.keeps(cache::Statistic::output_perturbation);
}

bool stores_unturned(const Lane* lane) {
  return lane->state().rules.ranks_positions();
}

// The rows of a prompt from its first token on.
std::vector<model::InputRow> rows_of(std::span<const int> tokens) {
  std::vector<model::InputRow> rows;
  for (const int token : tokens) rows.push_back({token, static_cast<int>(rows.size())});
  return rows;
}

}  // namespace

void store_prompt_token(LaneState& lane, int layer, const cache::SlotTable::Entry& entry,
                        std::span<const float> audited_key) {
  for (CacheTable& table : lane.layer(layer).tables) {
    cache::SlotTable::Entry part = entry;
    part.key = part_of(entry.key, table.heads.kv, lane.head_width());
    part.value = part_of(entry.value, table.heads.kv, lane.head_width());
    table.newest_slot = table.slots.append(part);
    if (lane.rules.ranks_positions()) table.ranks.append();
    lane.holders.add(entry.position);
    table.statistics.admit(table.newest_slot);
    note_entry(lane, table, part, part_of(audited_key, table.heads.kv, lane.head_width()));
  }
}

void update_from_prompt(LaneState& lane, int layer, const PromptMass& mass,
                        LaneWorkspace& workspace) {
  LayerCache& cache = lane.layer(layer);
  const cache::MassView total = cache::mass_view(mass.total, lane.config.heads);
  const cache::MassView of_last = cache::mass_view(mass.last, lane.config.heads);
  std::vector<int> queries(static_cast<std::size_t>(cache.stored()));
  std::iota(queries.rbegin(), queries.rend(), 1);  // the key of row i is seen by rows i … N − 1
  std::vector<float> last(queries.size());
  workspace.slot_mass.resize(last.size());
  for (CacheTable& table : cache.tables) {
    cache::sum_heads(of_last.part(table.heads.query), last);
    cache::sum_heads(total.part(table.heads.query), workspace.slot_mass);
    table.statistics.observe_prompt(workspace.slot_mass, last, queries);
  }
  count_mass(lane, layer, total, workspace);
}

void prune_prompt(LaneState& lane, int layer, LaneWorkspace& workspace) {
  evict_surplus(lane, layer,
                {.protection = lane.rules.protection_with_newest(),
                 .reason = record::EvictionReason::prompt_cut},
                workspace);
}

PromptPass::PromptPass(const model::ModelConfig& config, kernels::ThreadPool& pool,
                       std::span<Lane* const> lanes, std::span<const int> tokens)
    : config_(config), pool_(pool), lanes_(lanes), tokens_(tokens) {
  if (std::ranges::none_of(lanes, stores_unturned)) return;
  turns_.resize(tokens.size() * config.rotary->width());
  model::write_turns(*config.rotary, rows_of(tokens), turns_);
  for (Lane* lane : lanes) lane->state().reserve_turns(static_cast<int>(tokens.size()));
}

PromptPass::Rows PromptPass::turn(const model::AttentionInput& input) {
  if (turns_.empty()) return {.unturned = input, .turned = input};
  const std::size_t width = input.query.width + input.key.width;
  const std::size_t pairs = config_.rotary->frequencies.size();
  turned_.resize(tokens_.size() * width);
  pool_.run(static_cast<int>(tokens_.size()), [&](int index) {
    const auto row = static_cast<std::size_t>(index);
    const auto heads = std::span(turned_).subspan(row * width, width);
    std::ranges::copy(input.key.row(row),
                      std::ranges::copy(input.query.row(row), heads.begin()).out);
    const auto turn = std::span(turns_).subspan(2 * row * pairs, 2 * pairs);
    kernels::rotate({.cosine = turn.first(pairs), .sine = turn.last(pairs)}, config_.head_width,
                    heads);
  });
  const std::span<const float> numbers = turned_;
  return {.unturned = input,
          .turned = {.query = {.numbers = numbers, .width = input.query.width, .stride = width},
                     .key = {.numbers = numbers.subspan(input.query.width),
                             .width = input.key.width,
                             .stride = width},
                     .value = input.value}};
}

void PromptPass::attend(int layer, const model::AttentionInput& input, std::span<float> output) {
  const std::size_t count = tokens_.size();
  core::Stopwatch watch;
  const Rows rows = turn(input);
  mass_.assign(static_cast<std::size_t>(config_.heads) * count, 0.0F);
  const kernels::PromptAttention prompt{.tokens = static_cast<int>(count),
                                        .heads = config_.heads,
                                        .kv_heads = config_.kv_heads,
                                        .head_width = config_.head_width,
                                        .scale = config_.attention_scale(layer),
                                        .query = rows.turned.query,
                                        .key = rows.turned.key,
                                        .value = rows.turned.value};
  pool_.run(config_.heads, [&](int head) {
    kernels::prompt_attention(
        prompt, head, output,
        std::span(mass_).subspan(static_cast<std::size_t>(head) * count, count));
  });
  times_.attention_ms += watch.lap_ms();

  for (Lane* lane : lanes_) store(lane->state(), layer, rows);
  times_.policy_ms += watch.lap_ms();
}

void PromptPass::store(LaneState& lane, int layer, const Rows& rows) {
  store_tokens(lane, layer, rows);
  const model::AttentionInput& input = lane.rules.ranks_positions() ? rows.unturned : rows.turned;
  // The last query once more, over the table, gives its own probabilities.
  std::vector<float> unused(input.query.width);
  const LayerAttention last = attend_to_all(
      lane, layer, {.query = input.query.row(tokens_.size() - 1), .output = unused}, workspace_);
  update_from_prompt(lane, layer, {.total = mass_, .last = last.mass}, workspace_);
  prune_prompt(lane, layer, workspace_);
}

void PromptPass::store_tokens(LaneState& lane, int layer, const Rows& rows) {
  const model::AttentionInput& input = lane.rules.ranks_positions() ? rows.unturned : rows.turned;
  std::vector<float> output(input.query.width);
  for (std::size_t row = 0; row < tokens_.size(); ++row) {
    store_prompt_token(lane, layer,
                       {.position = static_cast<int>(row),
                        .token = tokens_[row],
                        .key = input.key.row(row),
                        .value = input.value.row(row)},
                       rows.turned.key.row(row));
    if (!reads_prompt_rows(lane)) continue;
    const LayerAttention attention =
        attend_to_all(lane, layer, {.query = input.query.row(row), .output = output}, workspace_);
    for (CacheTable& table : lane.layer(layer).tables) {
      add_perturbation(lane, table, attention, 1.0F, workspace_);
    }
  }
}

}  // namespace sketchscope::decode
