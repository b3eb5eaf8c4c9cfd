#include "engine/decode/lane.hpp"

#include <algorithm>
#include <utility>

#include "engine/decode/sampler.hpp"
#include "engine/policy/output_damage.hpp"

namespace sketchscope {

Lane::Lane(const ModelConfig& config, std::shared_ptr<PagePools> pages, LaneOptions options)
    : config_(config),
      pages_(std::move(pages)),
      knobs_(std::move(options.knobs)),
      sketch_key_(knobs_.sketch_key),
      audited_(options.audit),
      has_twin_(options.has_twin),
      observer_(std::move(options.observer)),
      keeps_attention_(options.keep_attention),
      budgets_(config_.layers, budget_rule()),
      policy_(options.policy ? std::move(options.policy) : knobs_.policy->make()),
      read_(knobs_.read->make()),
      random_(knobs_.seed) {
  check_knobs(knobs_);
  check_head_width(knobs_, config_.head_width);
  check_target(knobs_, audited_, has_twin_);
  layers_.resize(static_cast<std::size_t>(config_.layers));
  for (LayerCache& cache : layers_) {
    for (int head = 0; head < config_.heads; head += table_heads()) {
      cache.groups.push_back(empty_group({.first = head, .count = table_heads()}));
    }
    cache.sketch = fresh_sketch();
  }
  change_coder();
}

HeadGroup Lane::empty_group(const HeadRange& heads) const {
  HeadGroup group{.heads = heads,
                  .table = SlotTable(pages_->of(page_shape())),
                  .statistics = SlotStatistics(policy_->needs()),
                  .tail = fresh_tail(heads)};
  if (!audited_) return group;
  PageShape exact = page_shape();
  exact.format = KvFormat::f32;
  group.audit.emplace(pages_->of(exact), config_.positions);
  if (knobs_.kv != KvFormat::f32) group.audit->keep_originals(group.table);
  return group;
}

int Lane::table_heads() const {
  return knobs_.granularity == Granularity::head ? 1 : config_.heads;
}

PageShape Lane::page_shape() const {
  return {.heads = table_heads(), .head_width = config_.head_width, .format = knobs_.kv};
}

const PagePool& Lane::pool() const {
  return *pages_->of(page_shape());
}

Clone<Sketch> Lane::fresh_sketch() const {
  if (!policy_->uses_sketch()) return {};
  return knobs_.sketch->make(
      {.width = knobs_.sketch_width, .depth = knobs_.sketch_depth, .seed = knobs_.sketch_seed});
}

LayerCache& Lane::layer_cache(int layer) {
  return layers_[static_cast<std::size_t>(layer)];
}

int Lane::draw_token() {
  return sample(logits_,
                {.temperature = knobs_.temperature, .top_k = knobs_.top_k, .top_p = knobs_.top_p},
                random_);
}

ItemMap Lane::items_of(const HeadGroup& group) const {
  return {.key = sketch_key_,
          .heads = group.heads,
          .context = config_.positions,
          .positions = group.table.positions(),
          .tokens = group.table.tokens(),
          .codes = group.codes};
}

void Lane::score(int layer, const HeadGroup& group, std::span<float> importance) const {
  policy_->score({.layer = layer,
                  .stored_positions = group.table.positions(),
                  .statistics = group.statistics,
                  .sketch = layers_[static_cast<std::size_t>(layer)].sketch.get(),
                  .items = items_of(group),
                  .seed = knobs_.seed},
                 importance);
}

SlotTable::Entry Lane::part_of(const HeadGroup& group, const SlotTable::Entry& entry) const {
  const auto width = static_cast<std::size_t>(config_.head_width);
  SlotTable::Entry part = entry;
  part.key = group.part_of(entry.key, width);
  part.value = group.part_of(entry.value, width);
  return part;
}

void Lane::place(int layer, const InputRow& row, LaneScratch& scratch) {
  for (HeadGroup& group : layer_cache(layer).groups) place(layer, group, row, scratch);
}

void Lane::place(int layer, HeadGroup& group, const InputRow& row, LaneScratch& scratch) {
  if (!is_full(layer, group)) {
    group.newest_slot = group.table.claim(row.position, row.token);
  } else {
    scratch.importance.resize(static_cast<std::size_t>(group.table.stored()));
    score(layer, group, scratch.importance);
    // The incoming token is one of the protected recent ones.
    const Victim victim =
        choose_victim(group.table.positions(), scratch.importance,
                      {.sinks = knobs_.sinks, .recent = std::max(knobs_.recent_window, 1) - 1});
    record_victim(layer, group, victim, EvictionReason::capacity, scratch);
    group.newest_slot = victim.slot;
    group.table.claim(victim.slot, row.position, row.token);
  }
  group.statistics.admit(group.newest_slot);
}

void Lane::fill(int layer, std::span<const float> key, std::span<const float> value) {
  const auto width = static_cast<std::size_t>(config_.head_width);
  for (HeadGroup& group : layer_cache(layer).groups) {
    const auto slot = static_cast<std::size_t>(group.newest_slot);
    const SlotTable::Entry entry{.position = group.table.positions()[slot],
                                 .token = group.table.tokens()[slot],
                                 .key = group.part_of(key, width),
                                 .value = group.part_of(value, width)};
    group.table.write(group.newest_slot, entry.key, entry.value);
    note_entry(group, entry);
  }
}

void Lane::store_prompt_token(int layer, const SlotTable::Entry& entry) {
  for (HeadGroup& group : layer_cache(layer).groups) {
    const SlotTable::Entry part = part_of(group, entry);
    group.newest_slot = group.table.append(part);
    group.statistics.admit(group.newest_slot);
    note_entry(group, part);
  }
}

void Lane::note_entry(HeadGroup& group, const SlotTable::Entry& entry) {
  if (group.audit) group.audit->admit(entry);
  note_key(group, group.newest_slot, entry.key);
}

void Lane::note_key(HeadGroup& group, int slot, std::span<const float> key) {
  if (group.statistics.keeps(Statistic::key_norm)) {
    group.statistics.set(Statistic::key_norm, slot, key_norm(key, group.heads.count));
  }
  if (!coder_) return;
  group.codes.resize(static_cast<std::size_t>(group.table.stored()));
  group.codes[static_cast<std::size_t>(slot)] = coder_->code(key);
}

void Lane::record_victim(int layer, HeadGroup& group, const Victim& victim, EvictionReason reason,
                         LaneScratch& scratch) {
  evicted_ = true;
  const auto slot = static_cast<std::size_t>(victim.slot);
  EvictionRecord record{.layer = layer,
                        .position = group.table.positions()[slot],
                        .token = group.table.tokens()[slot],
                        .score = victim.score,
                        .margin = victim.margin,
                        .next_position = victim.next_position,
                        .candidates = victim.candidates,
                        .reason = reason,
                        .degenerate = victim.degenerate};
  if (knobs_.granularity == Granularity::head) record.head = group.heads.first;
  if (group.audit) {
    record.exact_score = group.audit->exact_mass()[static_cast<std::size_t>(record.position)];
    group.audit->keep_evicted(group.table, victim.slot);
  }
  if (group.tail) {
    scratch.key.resize(static_cast<std::size_t>(group.heads.count * config_.head_width));
    scratch.value.resize(scratch.key.size());
    group.table.read_key(victim.slot, scratch.key);
    group.table.read_value(victim.slot, scratch.value);
    group.tail->add({.key = scratch.key, .value = scratch.value, .score = victim.score});
  }
  evictions_.push_back(record);
}

void Lane::cut(int layer, int recent, EvictionReason reason, LaneScratch& scratch) {
  if (!policy_->evicts()) return;
  for (HeadGroup& group : layer_cache(layer).groups) cut(layer, group, recent, reason, scratch);
}

void Lane::cut(int layer, HeadGroup& group, int recent, EvictionReason reason,
               LaneScratch& scratch) {
  const int stored = group.table.stored();
  if (stored <= budgets_.of(layer)) return;
  scratch.importance.resize(static_cast<std::size_t>(stored));
  score(layer, group, scratch.importance);
  const std::vector<Victim> victims =
      choose_victims(group.table.positions(), scratch.importance,
                     {.sinks = knobs_.sinks, .recent = recent}, budgets_.of(layer));
  std::vector<bool> leaves(static_cast<std::size_t>(stored));
  for (const Victim& victim : victims) {
    record_victim(layer, group, victim, reason, scratch);
    leaves[static_cast<std::size_t>(victim.slot)] = true;
  }
  std::vector<int> kept;
  for (int slot = 0; slot < stored; ++slot) {
    if (!leaves[static_cast<std::size_t>(slot)]) kept.push_back(slot);
  }
  const std::vector<int> origin = group.table.keep(kept);
  group.statistics.keep(origin);
  if (!coder_) return;
  std::vector<std::uint32_t> codes;
  for (const int slot : origin) codes.push_back(group.codes[static_cast<std::size_t>(slot)]);
  group.codes = std::move(codes);
}

void Lane::finish_pass(std::span<const int> tokens, std::span<const float> logits) {
  tokens_.insert(tokens_.end(), tokens.begin(), tokens.end());
  logits_.assign(logits.begin(), logits.end());
  resplit_budgets();
}

void Lane::unshare_pages() {
  for (LayerCache& cache : layers_) {
    for (HeadGroup& group : cache.groups) group.table.unshare();
  }
}

std::vector<EvictionRecord> Lane::take_evictions() {
  return std::exchange(evictions_, {});
}

}  // namespace sketchscope
