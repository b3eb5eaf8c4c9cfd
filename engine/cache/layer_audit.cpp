#include "engine/cache/layer_audit.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "engine/core/log_add.hpp"
#include "engine/core/memory.hpp"

namespace sketchscope::cache {
namespace {

// z ln(z / p): what an event of probability z adds to a KL divergence, p rounded to 0 or not.
double kl_term(double z, double p) {
  return z > 0 ? z * std::log(z / std::max(p, std::numeric_limits<double>::min())) : 0.0;
}

}  // namespace

void LayerAudit::Attention::ask(const SlotTable& table, const PageShape& shape, const Query& lane,
                                AttentionBatch& batch) {
  const std::size_t heads = lane.log_sum_exp.size();
  output.resize(lane.query.size());
  mass.resize(heads * static_cast<std::size_t>(table.stored()));
  log_sum_exp.resize(heads);
  batch.add({.pages = table.pages(),
             .format = table.format(),
             .stored = table.stored(),
             .slots = {},
             .heads = static_cast<int>(heads),
             .kv_heads = shape.heads,
             .head_width = shape.head_width,
             .scale = lane.scale,
             .query = lane.query},
            {.output = output, .mass = mass, .log_sum_exp = log_sum_exp});
}

trace::Work AttentionBatch::work() const {
  trace::Work work;
  for (const kernels::DecodeAttention& input : inputs_) {
    const auto read = static_cast<std::int64_t>(
        input.slots.empty() ? static_cast<std::size_t>(input.stored) : input.slots.size());
    const auto vector =
        static_cast<std::int64_t>(kernels::kv_vector_bytes(input.format, input.head_width));
    work += {.bytes = 2 * read * input.kv_heads * vector,
             .multiply_adds = 2 * read * input.heads * input.head_width};
  }
  return work;
}

LayerAudit::LayerAudit(std::shared_ptr<PagePool> pool, int heads, int positions)
    : kept_(pool),
      shape_(pool->shape()),
      heads_(heads),
      exact_mass_(static_cast<std::size_t>(positions)),
      regret_(static_cast<std::size_t>(positions)),
      full_(static_cast<std::size_t>(shape_.head_width)),
      is_evicted_(static_cast<std::size_t>(positions)) {}

void LayerAudit::keep_originals(const SlotTable& table) {
  if (std::exchange(originals_kept_, true)) return;
  for (int slot = 0; slot < table.stored(); ++slot) kept_.append_from(table, slot);
  std::vector<int> all(static_cast<std::size_t>(kept_.stored()));
  std::iota(all.begin(), all.end(), 0);
  kept_.keep(all);  // puts them in the order of their positions
}

void LayerAudit::reserve_next(int count) {
  kept_.reserve_to_append(count);
  const auto heads = static_cast<std::size_t>(heads_);
  const auto kept = static_cast<std::size_t>(kept_.stored() + count);
  core::reserve_ahead(of_kept_.mass, heads * kept);
  core::reserve_ahead(of_kept_.output, heads * static_cast<std::size_t>(shape_.head_width));
  core::reserve_ahead(of_kept_.log_sum_exp, heads);
  if (!of_stored_.mass.empty()) {
    core::reserve_ahead(of_stored_.mass, of_stored_.mass.size() + heads);
  }
}

void LayerAudit::admit(const SlotTable::Entry& entry) {
  if (originals_kept_) kept_.append(entry);
}

void LayerAudit::keep_evicted(const SlotTable& table, int slot) {
  if (originals_kept_) return;
  kept_.append_from(table, slot);
}

void LayerAudit::count(std::span<const int> stored_positions, std::span<const float> slot_mass,
                       float decay) {
  if (decay != 1.0F) {
    for (float& mass : exact_mass_) mass *= decay;
  }
  for (std::size_t slot = 0; slot < stored_positions.size(); ++slot) {
    exact_mass_[static_cast<std::size_t>(stored_positions[slot])] += slot_mass[slot];
  }
}

void LayerAudit::add_reads(const Query& lane, AttentionBatch& batch) {
  if (reads_all_exactly(lane)) return;
  of_kept_.ask(kept_, shape_, lane, batch);
  if (!originals_kept_ && !read_whole(lane)) of_stored_.ask(lane.table, shape_, lane, batch);
}

Divergence LayerAudit::compare(const Query& lane) {
  if (reads_all_exactly(lane)) {
    Divergence none;
    none.add_exact(heads_, lane.output);
    return none;
  }
  return originals_kept_ ? compare_with_originals(lane) : compare_with_evicted(lane);
}

LayerAudit::Shares LayerAudit::shares_of(const Query& lane, std::size_t head) const {
  const std::span<const float> stored =
      read_whole(lane) ? lane.log_sum_exp : of_stored_.log_sum_exp;
  const double evicted_log = of_kept_.log_sum_exp[head];
  const double full_log = core::log_add(stored[head], evicted_log);
  return {.full_log = full_log, .evicted = std::exp(evicted_log - full_log)};
}

// What is stored is exact, so q is p over what was read, scaled: sums by log-sum-exp suffice.
Divergence LayerAudit::compare_with_evicted(const Query& lane) {
  const bool whole = read_whole(lane);
  const auto width = static_cast<std::size_t>(shape_.head_width);
  const auto evicted = static_cast<std::size_t>(kept_.stored());
  Divergence moved{.heads = heads_};
  for (std::size_t head = 0; head < static_cast<std::size_t>(heads_); ++head) {
    const auto [full_log, evicted_share] = shares_of(lane, head);
    total_regret_ += evicted_share;
    for (std::size_t slot = 0; slot < evicted; ++slot) {
      const auto position = static_cast<std::size_t>(kept_.positions()[slot]);
      regret_[position] += static_cast<float>(evicted_share * of_kept_.mass[head * evicted + slot]);
    }
    const std::span<const float> stored_output = whole ? lane.output : of_stored_.output;
    for (std::size_t d = 0; d < width; ++d) {
      full_[d] = (1 - evicted_share) * stored_output[head * width + d] +
                 evicted_share * of_kept_.output[head * width + d];
    }
    moved.add_output(lane.output.subspan(head * width, width), full_);

    const double log_retained = std::min(lane.log_sum_exp[head] - full_log, 0.0);
    const double lost = -std::expm1(log_retained);
    const double z = lane.tail_share.empty() ? 0.0 : lane.tail_share[head];
    moved.lost_mass += lost;
    if (z < 1) moved.kl += (1 - z) * (std::log1p(-z) - log_retained);
    moved.kl += kl_term(z, lost);
    moved.total_variation += std::abs(lost - z);
  }
  return moved;
}

// What is stored lost digits, so q and p differ slot by slot.
Divergence LayerAudit::compare_with_originals(const Query& lane) {
  const auto width = static_cast<std::size_t>(shape_.head_width);
  const auto fed = static_cast<std::size_t>(kept_.stored());
  const std::span<const int> positions = lane.table.positions();
  mark_evicted(positions);

  Divergence moved{.heads = heads_};
  for (std::size_t head = 0; head < static_cast<std::size_t>(heads_); ++head) {
    const std::span<const float> p = std::span(of_kept_.mass).subspan(head * fed, fed);
    const std::span<const float> q = lane.mass.subspan(head * positions.size(), positions.size());
    for (std::size_t position = 0; position < fed; ++position) {
      if (!is_evicted_[position]) continue;
      regret_[position] += p[position];
      total_regret_ += p[position];
    }
    double retained = 0;
    const std::vector<int>& slots = lane.slots_of(head);
    const std::size_t read = slots.empty() ? positions.size() : slots.size();
    for (std::size_t i = 0; i < read; ++i) {
      const std::size_t index = slots.empty() ? i : static_cast<std::size_t>(slots[i]);
      const double exact = p[static_cast<std::size_t>(positions[index])];
      retained += exact;
      moved.kl += kl_term(q[index], exact);
      moved.total_variation += 0.5 * std::abs(q[index] - exact);
    }
    const double lost = std::max(1 - retained, 0.0);
    const double z = lane.tail_share.empty() ? 0.0 : lane.tail_share[head];
    moved.lost_mass += lost;
    moved.kl += kl_term(z, lost);
    moved.total_variation += 0.5 * std::abs(z - lost);
    const auto exact_output = std::span(of_kept_.output).subspan(head * width, width);
    std::ranges::copy(exact_output, full_.begin());
    moved.add_output(lane.output.subspan(head * width, width), full_);
  }
  return moved;
}

void LayerAudit::mark_evicted(std::span<const int> stored_positions) {
  std::fill_n(is_evicted_.begin(), kept_.stored(), true);
  for (const int position : stored_positions) {
    is_evicted_[static_cast<std::size_t>(position)] = false;
  }
}

void LayerAudit::align(const Query& lane, int head, ShadowAttention& attention) const {
  const std::span<const int> positions = lane.table.positions();
  const std::size_t stored = positions.size();
  const auto kept = static_cast<std::size_t>(kept_.stored());
  const std::size_t fed = originals_kept_ ? kept : stored + kept;
  const auto row = static_cast<std::size_t>(head);
  const auto place = [](std::span<const float> mass, double share, std::span<const int> where,
                        std::vector<float>& by_position) {
    for (std::size_t slot = 0; slot < where.size(); ++slot) {
      by_position[static_cast<std::size_t>(where[slot])] = static_cast<float>(share * mass[slot]);
    }
  };
  attention.tail = lane.tail_share.empty() ? 0.0 : lane.tail_share[row];
  attention.lane.assign(fed, 0);
  const auto own = lane.mass.subspan(row * stored, stored);
  place(own, 1, positions, attention.lane);
  if (reads_all_exactly(lane)) {
    attention.full = attention.lane;
    return;
  }
  attention.full.assign(fed, 0);
  const auto of_kept = std::span(of_kept_.mass).subspan(row * kept, kept);
  if (originals_kept_) return place(of_kept, 1, kept_.positions(), attention.full);
  const double evicted = shares_of(lane, row).evicted;
  const auto of_stored =
      read_whole(lane) ? own : std::span(of_stored_.mass).subspan(row * stored, stored);
  place(of_stored, 1 - evicted, positions, attention.full);
  place(of_kept, evicted, kept_.positions(), attention.full);
}

std::size_t LayerAudit::bytes() const {
  return kept_.stored_bytes() + (exact_mass_.size() + regret_.size()) * sizeof(float);
}

std::size_t LayerAudit::bytes_beside(const LayerAudit* earlier) const {
  return kept_.bytes_beside(earlier ? &earlier->kept_ : nullptr) + bytes() - kept_.stored_bytes();
}

}  // namespace sketchscope::cache
