// How a lane reads what it stores: which slots, and the summary of what was evicted.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "engine/decode/lane.hpp"

namespace sketchscope {
namespace {

// Σ of the estimates of a group's stored items in one row, an item that slots share counted once.
double stored_estimate(const Sketch& sketch, const ItemMap& items, int row, LaneScratch& scratch) {
  std::vector<std::uint32_t>& ids = scratch.ids;
  ids.resize(items.positions.size());
  items.copy_ids(row, 0, ids);
  std::ranges::sort(ids);
  const auto repeated = std::ranges::unique(ids);
  ids.erase(repeated.begin(), repeated.end());
  scratch.estimates.resize(ids.size());
  sketch.estimate_all(ids, scratch.estimates);
  return std::accumulate(scratch.estimates.begin(), scratch.estimates.end(), 0.0);
}

// What part of all mass so far went to positions that are no longer stored, by row of items, into
// the scratch.
void find_historic_shares(const Sketch* sketch, const ItemMap& items, int heads,
                          LaneScratch& scratch) {
  if (sketch == nullptr || sketch->total_mass() <= 0) {
    scratch.historic_shares.assign(1, 0.0);
    return;
  }
  // Where heads have items of their own, each has given about as much as the others.
  const int sharing = items.key == SketchKey::head_position ? heads : 1;
  const double mass_a_row = sketch->total_mass() / sharing;
  scratch.historic_shares.resize(static_cast<std::size_t>(items.rows()));
  for (int row = 0; row < items.rows(); ++row) {
    scratch.historic_shares[static_cast<std::size_t>(row)] =
        1 - stored_estimate(*sketch, items, row, scratch) / mass_a_row;
  }
}

// The tail's part joins an attention of one head; returns its share of the probability.
float join(double tail_log_sum, std::span<const float> mean, double stored_log_sum,
           std::span<float> output, std::span<float> mass) {
  const double share = 1 / (1 + std::exp(stored_log_sum - tail_log_sum));
  const auto z = static_cast<float>(share);
  for (std::size_t d = 0; d < output.size(); ++d) output[d] += z * (mean[d] - output[d]);
  for (float& of_slot : mass) of_slot *= 1 - z;
  return z;
}

}  // namespace

Clone<TailSummary> Lane::fresh_tail(const HeadRange& heads) const {
  if (!read_->reads_tail()) return {};
  return knobs_.aggregate->make({.heads = heads.count,
                                 .head_width = config_.head_width,
                                 .clusters = knobs_.clusters,
                                 .seed = knobs_.sketch_seed});
}

void Lane::narrow_readings(int layer, LaneScratch& scratch,
                           std::span<DecodeAttention> readings) const {
  const std::vector<HeadGroup>& groups = layers_[static_cast<std::size_t>(layer)].groups;
  scratch.read_slots.resize(std::max(scratch.read_slots.size(), groups.size()));
  for (std::size_t index = 0; index < groups.size(); ++index) {
    const HeadGroup& group = groups[index];
    scratch.importance.resize(static_cast<std::size_t>(group.table.stored()));
    if (read_->needs_scores()) score(layer, group, scratch.importance);
    read_->choose_slots(
        {.positions = group.table.positions(),
         .importance = scratch.importance,
         .protection = {.sinks = knobs_.sinks, .recent = std::max(knobs_.recent_window, 1)},
         .read_k = knobs_.read_k},
        scratch.read_slots[index]);
    readings[index].slots = scratch.read_slots[index];
  }
}

void Lane::join_tail(int layer, std::span<const float> query, std::span<float> output,
                     LaneScratch& scratch) const {
  scratch.tail_share.clear();
  if (!read_->reads_tail()) return;
  const LayerCache& cache = layers_[static_cast<std::size_t>(layer)];
  const auto width = static_cast<std::size_t>(config_.head_width);
  const auto stored = static_cast<std::size_t>(cache.stored());
  scratch.tail_mean.resize(width);
  const bool by_sketch = knobs_.aggregate->needs_sketch;
  for (const HeadGroup& group : cache.groups) {
    find_historic_shares(by_sketch ? cache.sketch.get() : nullptr, items_of(group), config_.heads,
                         scratch);
    const std::vector<double>& shares = scratch.historic_shares;
    for (int head = 0; head < group.heads.count; ++head) {
      const auto of_layer = static_cast<std::size_t>(group.heads.first + head);
      const double stored_log_sum = scratch.log_sum_exp[of_layer];
      const double tail_log_sum = group.tail->read(
          {.head = head,
           .query = query.subspan(of_layer * width, width),
           .scale = config_.attention_scale(layer),
           .stored_log_sum = stored_log_sum,
           .historic_share = shares[shares.size() > 1 ? static_cast<std::size_t>(head) : 0]},
          scratch.tail_mean);
      scratch.tail_share.push_back(join(
          tail_log_sum, scratch.tail_mean, stored_log_sum, output.subspan(of_layer * width, width),
          std::span(scratch.mass).subspan(of_layer * stored, stored)));
    }
  }
}

void Lane::change_read(const Knobs& before) {
  read_ = knobs_.read->make();
  const bool other_summary = before.read != knobs_.read || before.aggregate != knobs_.aggregate ||
                             before.clusters != knobs_.clusters;
  if (!other_summary) return;
  for (LayerCache& cache : layers_) {
    for (HeadGroup& group : cache.groups) group.tail = fresh_tail(group.heads);
  }
}

void Lane::change_format(const Knobs& before) {
  if (before.kv == knobs_.kv) return;
  for (LayerCache& cache : layers_) {
    for (HeadGroup& group : cache.groups) {
      if (group.audit && knobs_.kv != KvFormat::f32) group.audit->keep_originals(group.table);
      group.table = group.table.encoded_in(pages_->of(page_shape()));
    }
  }
}

}  // namespace sketchscope
