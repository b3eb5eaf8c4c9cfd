#include "engine/decode/phases.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "kernels/rotary.hpp"

namespace sketchscope::decode {
namespace {

/// Rotates the query of a lane whose keys take ranks: for each table by its last rank, which is
/// that of the query's token.
std::span<const float> rotated_by_rank(const LaneState& lane, const LayerCache& cache,
                                       std::span<const float> query, LaneWorkspace& workspace) {
  const std::size_t width = lane.head_width();
  const std::size_t pairs = lane.config.rotary->frequencies.size();
  workspace.rotated_query.assign(query.begin(), query.end());
  for (const CacheTable& table : cache.tables) {
    const auto rank = static_cast<std::size_t>(table.slots.stored() - 1);
    const auto rotation = std::span(*lane.rotations).subspan(2 * width * rank, 2 * width);
    kernels::rotate(
        {.cosine = rotation.first(pairs), .sine = rotation.subspan(width + pairs, pairs)},
        lane.config.head_width,
        part_of(std::span(workspace.rotated_query), table.heads.query, width));
  }
  return workspace.rotated_query;
}

// Makes lists of the pages of single key/value heads, since each query head reads other ones.
void list_pages_by_head(const LayerCache& cache, LaneWorkspace& workspace) {
  workspace.head_pages.clear();
  for (const CacheTable& table : cache.tables) {
    const std::size_t bytes = kernels::kSlotsPerPage * table.slots.pool().vector_bytes();
    for (int head = 0; head < table.heads.kv.count; ++head) {
      for (const kernels::PageView& page : table.slots.pages()) {
        const std::size_t at = static_cast<std::size_t>(head) * bytes;
        workspace.head_pages.push_back({.keys = static_cast<const std::byte*>(page.keys) + at,
                                        .values = static_cast<const std::byte*>(page.values) + at});
      }
    }
  }
}

// The arrays of a query's answer in one table.
struct TableAnswer {
  std::span<const float> query;  // (H, D)
  std::span<float> output;       // (H, D)
  std::span<float> mass;         // (H, S)
  std::span<float> log_sum_exp;  // (H)
};

// Adds one call to a batch for each query head of a table, which reads slots of its own.
void ask_by_head(const LaneState& lane, const SlotSelection& selection, const CacheTable& table,
                 std::span<const kernels::PageView> pages, const TableAnswer& answer,
                 cache::AttentionBatch& batch) {
  const std::size_t width = lane.head_width();
  const auto stored = static_cast<std::size_t>(table.slots.stored());
  const std::size_t of_head = table.slots.pages().size();
  for (int head = 0; head < table.heads.query.count; ++head) {
    const auto of_layer = static_cast<std::size_t>(table.heads.query.first + head);
    const sketch::HeadRange own{.first = head};
    batch.add({.pages = pages.subspan(static_cast<std::size_t>(table.heads.kv_of(head)) * of_head,
                                      of_head),
               .format = table.slots.format(),
               .stored = table.slots.stored(),
               .slots = selection.slots[of_layer],
               .heads = 1,
               .kv_heads = 1,
               .head_width = lane.config.head_width,
               .scale = lane.config.attention_scale(selection.layer),
               .query = part_of(answer.query, own, width)},
              {.output = part_of(answer.output, own, width),
               .mass = part_of(answer.mass, own, stored),
               .log_sum_exp = part_of(answer.log_sum_exp, own, 1)});
  }
}

void ask_whole_table(const LaneState& lane, const SlotSelection& selection, std::size_t index,
                     const TableAnswer& answer, cache::AttentionBatch& batch) {
  const CacheTable& table = lane.layer(selection.layer).tables[index];
  batch.add({.pages = table.slots.pages(),
             .format = table.slots.format(),
             .stored = table.slots.stored(),
             .slots = selection.slots.empty() ? std::span<const int>() : selection.slots[index],
             .heads = table.heads.query.count,
             .kv_heads = table.heads.kv.count,
             .head_width = lane.config.head_width,
             .scale = lane.config.attention_scale(selection.layer),
             .query = answer.query,
             .rotations = lane.rotations_of(table)},
            {.output = answer.output, .mass = answer.mass, .log_sum_exp = answer.log_sum_exp});
}

// Adds the query heads of each of a lane's tables to a batch. Returns where the results will lie.
LayerAttention ask_tables(const LaneState& lane, const SlotSelection& selection,
                          const LaneQuery& query, LaneWorkspace& workspace,
                          cache::AttentionBatch& batch) {
  const LayerCache& cache = lane.layer(selection.layer);
  workspace.mass.resize(cache.mass_numbers());
  workspace.log_sum_exp.resize(static_cast<std::size_t>(lane.config.heads));
  const std::span<const float> asked = lane.rules.ranks_positions()
                                           ? rotated_by_rank(lane, cache, query.query, workspace)
                                           : query.query;
  if (selection.by_query_head) list_pages_by_head(cache, workspace);
  std::span<const kernels::PageView> pages = workspace.head_pages;
  for (std::size_t index = 0; index < cache.tables.size(); ++index) {
    const CacheTable& table = cache.tables[index];
    const sketch::HeadRange& of_table = table.heads.query;
    const TableAnswer answer{.query = part_of(asked, of_table, lane.head_width()),
                             .output = part_of(query.output, of_table, lane.head_width()),
                             .mass = cache.mass_part(std::span(workspace.mass), index),
                             .log_sum_exp = part_of(std::span(workspace.log_sum_exp), of_table, 1)};
    if (!selection.by_query_head) {
      ask_whole_table(lane, selection, index, answer, batch);
      continue;
    }
    ask_by_head(lane, selection, table, pages, answer, batch);
    pages =
        pages.subspan(table.slots.pages().size() * static_cast<std::size_t>(table.heads.kv.count));
  }
  return {.selection = selection,
          .own_query = query.query,
          .query = query.audited_query.empty() ? query.query : query.audited_query,
          .output = query.output,
          .mass = workspace.mass,
          .log_sum_exp = workspace.log_sum_exp};
}

enum class IncomingKey : std::uint8_t { known, unknown };

/// Returns whether the policy's score of a position depends on its key.
bool scores_by_key(const CacheRules& rules) {
  const cache::StatisticSet needs = rules.policy->needs();
  return rules.coder != nullptr || rules.policy->reads_vectors() ||
         std::ranges::any_of(needs, [](cache::Statistic needed) {
           return needed == cache::Statistic::key_norm || needed == cache::Statistic::value_norm;
         });
}

SlotSelection choose(const LaneState& lane, int layer, IncomingKey incoming,
                     LaneWorkspace& workspace) {
  const std::vector<CacheTable>& tables = lane.layer(layer).tables;
  const bool scored = lane.rules.read->needs_scores();
  const bool ranks_lowest = scored && incoming == IncomingKey::unknown && scores_by_key(lane.rules);
  workspace.read_slots.resize(std::max(workspace.read_slots.size(), tables.size()));
  for (std::size_t index = 0; index < tables.size(); ++index) {
    const CacheTable& table = tables[index];
    if (scored) lane.score(layer, table, workspace.score_room, workspace.importance);
    if (ranks_lowest) {
      workspace.importance[static_cast<std::size_t>(table.newest_slot)] =
          -std::numeric_limits<float>::infinity();
    }
    lane.rules.read->choose_slots({.positions = table.slots.positions(),
                                   .importance = workspace.importance,
                                   .protection = lane.rules.always_read(),
                                   .read_k = lane.rules.knobs.read_k},
                                  workspace.read_slots[index]);
  }
  return {.layer = layer, .slots = std::span(workspace.read_slots).first(tables.size())};
}

// Lets every query head select pages.
SlotSelection choose_pages(const LaneState& lane, int layer, std::span<const float> query,
                           LaneWorkspace& workspace) {
  const auto heads = static_cast<std::size_t>(lane.config.heads);
  workspace.read_slots.resize(std::max(workspace.read_slots.size(), heads));
  for (const CacheTable& table : lane.layer(layer).tables) {
    for (int head = 0; head < table.heads.query.count; ++head) {
      const sketch::HeadRange of_layer{.first = table.heads.query.first + head};
      lane.rules.read->choose_pages({.bounds = table.bounds,
                                     .kv_head = table.heads.kv_of(head),
                                     .query = part_of(query, of_layer, lane.head_width()),
                                     .layer = layer,
                                     .stored = table.slots.stored(),
                                     .newest_slot = table.newest_slot,
                                     .read_k = lane.rules.knobs.read_k},
                                    workspace.page_bounds,
                                    workspace.read_slots[static_cast<std::size_t>(of_layer.first)]);
    }
  }
  return {
      .layer = layer, .slots = std::span(workspace.read_slots).first(heads), .by_query_head = true};
}

}  // namespace

SlotSelection select_slots(const LaneState& lane, const StoredToken& stored,
                           std::span<const float> query, LaneWorkspace& workspace) {
  if (lane.rules.read->reads_pages()) return choose_pages(lane, stored.layer, query, workspace);
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

std::span<const LayerAttention> LayerReads::run(kernels::ThreadPool& pool) {
  batch_.run(pool);
  return attentions_;
}

LayerAttention attend_to_all(const LaneState& lane, int layer, const LaneQuery& query,
                             LaneWorkspace& workspace) {
  cache::AttentionBatch batch;
  const LayerAttention attention =
      ask_tables(lane, {.layer = layer, .slots = {}}, query, workspace, batch);
  batch.run();
  return attention;
}

namespace {

// Returns the sum of the estimates of a table's stored items in one row. An item that several slots
// share counts once.
double stored_estimate(const sketch::Sketch& sketch, const sketch::ItemMap& items, int row,
                       LaneWorkspace& workspace) {
  std::vector<std::uint32_t>& ids = workspace.ids;
  ids.resize(items.positions.size());
  items.copy_ids(row, 0, ids);
  std::ranges::sort(ids);
  const auto repeated = std::ranges::unique(ids);
  ids.erase(repeated.begin(), repeated.end());
  workspace.estimates.resize(ids.size());
  sketch.estimate_all(ids, workspace.estimates);
  return std::accumulate(workspace.estimates.begin(), workspace.estimates.end(), 0.0);
}

// Returns the share of all mass so far that evicted positions received, by row of items.
std::span<const double> historic_shares(const sketch::Sketch* sketch, const sketch::ItemMap& items,
                                        int kv_heads, LaneWorkspace& workspace) {
  if (sketch == nullptr || sketch->total_mass() <= 0) {
    workspace.historic_shares.assign(1, 0.0);
    return workspace.historic_shares;
  }
  // The sketch counts the mass of all heads together, to which each head adds equally much.
  const int sharing = items.key == sketch::SketchKey::head_position ? kv_heads : 1;
  const double mass_a_row = sketch->total_mass() / sharing;
  workspace.historic_shares.resize(static_cast<std::size_t>(items.rows()));
  for (int row = 0; row < items.rows(); ++row) {
    workspace.historic_shares[static_cast<std::size_t>(row)] =
        1 - stored_estimate(*sketch, items, row, workspace) / mass_a_row;
  }
  return workspace.historic_shares;
}

// One head's attention over the stored slots.
struct HeadAttention {
  double log_sum_exp = 0;
  std::span<float> output;  // (D)
  std::span<float> mass;    // (S)
};

// Merges a summary into the attention of one head. Returns its share of the probability.
float merge(double tail_log_sum, std::span<const float> mean, const HeadAttention& head) {
  const double share = 1 / (1 + std::exp(head.log_sum_exp - tail_log_sum));
  const auto z = static_cast<float>(share);
  for (std::size_t d = 0; d < head.output.size(); ++d) {
    head.output[d] += z * (mean[d] - head.output[d]);
  }
  for (float& of_slot : head.mass) of_slot *= 1 - z;
  return z;
}

}  // namespace

MergedAttention merge_tail(const LaneState& lane, const LayerAttention& attention,
                           LaneWorkspace& workspace) {
  if (!lane.rules.read->reads_tail()) return {.attention = attention, .tail_share = {}};
  const trace::ScopedSpan span(workspace.recorder, trace::Operation::tail,
                               {.layer = attention.selection.layer, .row = workspace.row});
  const LayerCache& cache = lane.layer(attention.selection.layer);
  const std::size_t width = lane.head_width();
  const bool by_sketch = lane.rules.knobs.aggregate->needs_sketch;
  workspace.tail_mean.resize(width);
  workspace.tail_share.clear();
  for (std::size_t index = 0; index < cache.tables.size(); ++index) {
    const CacheTable& table = cache.tables[index];
    const std::span<float> mass = cache.mass_part(attention.mass, index);
    const auto stored = static_cast<std::size_t>(table.slots.stored());
    const std::span<const double> shares = historic_shares(
        by_sketch ? cache.sketch.get() : nullptr, lane.items_of(table), lane.kv_heads(), workspace);
    for (int head = 0; head < table.heads.query.count; ++head) {
      const sketch::HeadRange of_layer{.first = table.heads.query.first + head};
      const HeadAttention own{.log_sum_exp = part_of(attention.log_sum_exp, of_layer, 1).front(),
                              .output = part_of(attention.output, of_layer, width),
                              .mass = part_of(mass, {.first = head}, stored)};
      const auto kv_head = static_cast<std::size_t>(table.heads.kv_of(head));
      const double tail_log_sum =
          table.tail->read({.head = static_cast<int>(kv_head),
                            .query = part_of(attention.query, of_layer, width),
                            .scale = lane.config.attention_scale(attention.selection.layer),
                            .stored_log_sum = own.log_sum_exp,
                            .historic_share = shares[shares.size() > 1 ? kv_head : 0]},
                           workspace.tail_mean);
      workspace.tail_share.push_back(merge(tail_log_sum, workspace.tail_mean, own));
    }
  }
  return {.attention = attention, .tail_share = workspace.tail_share};
}

}  // namespace sketchscope::decode
