#include "engine/session/lane.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "engine/session/sampler.hpp"

namespace sketchscope {

Lane::Lane(const Gpt2Config& config, std::shared_ptr<PagePool> pool, LaneOptions options)
    : config_(config),
      pool_(std::move(pool)),
      knobs_(std::move(options.knobs)),
      sketch_key_(sketch_key_from(knobs_.sketch_key)),
      audited_(options.audit),
      policy_(make_policy(knobs_.policy)),
      random_(knobs_.seed) {
  check_knobs(knobs_);
  layers_.reserve(static_cast<std::size_t>(config_.layers));
  for (int layer = 0; layer < config_.layers; ++layer) {
    LayerCache cache{.table = SlotTable(pool_),
                     .statistics = SlotStatistics(policy_->needs()),
                     .sketch = fresh_sketch()};
    if (audited_) cache.audit.emplace(pool_, config_.positions);
    layers_.push_back(std::move(cache));
  }
}

Clone<Sketch> Lane::fresh_sketch() const {
  if (!policy_->uses_sketch()) return {};
  return make_sketch(
      knobs_.sketch,
      {.width = knobs_.sketch_width, .depth = knobs_.sketch_depth, .seed = knobs_.sketch_seed});
}

int Lane::draw_token() {
  return sample(logits_,
                {.temperature = knobs_.temperature, .top_k = knobs_.top_k, .top_p = knobs_.top_p},
                random_);
}

void Lane::score(int layer, std::span<float> importance) const {
  const LayerCache& cache = layers_[static_cast<std::size_t>(layer)];
  policy_->score({.layer = layer,
                  .heads = config_.heads,
                  .positions = config_.positions,
                  .stored_positions = cache.table.positions(),
                  .stored_tokens = cache.table.tokens(),
                  .statistics = cache.statistics,
                  .sketch = cache.sketch.get(),
                  .sketch_key = sketch_key_,
                  .seed = knobs_.seed},
                 importance);
}

void Lane::store(int layer, const SlotTable::Entry& entry, LaneScratch& scratch) {
  LayerCache& cache = layers_[static_cast<std::size_t>(layer)];
  if (!policy_->evicts() || cache.table.stored() < knobs_.max_cache_size) {
    cache.statistics.admit(cache.table.append(entry));
    return;
  }
  scratch.importance.resize(static_cast<std::size_t>(cache.table.stored()));
  score(layer, scratch.importance);
  // The incoming token is one of the protected recent ones.
  const Victim victim =
      choose_victim(cache.table.positions(), scratch.importance,
                    {.sinks = knobs_.sinks, .recent = std::max(knobs_.recent_window, 1) - 1});
  record_victim(layer, victim, EvictionReason::capacity);
  cache.table.replace(victim.slot, entry);
  cache.statistics.admit(victim.slot);
}

void Lane::record_victim(int layer, const Victim& victim, EvictionReason reason) {
  LayerCache& cache = layers_[static_cast<std::size_t>(layer)];
  const auto slot = static_cast<std::size_t>(victim.slot);
  EvictionRecord record{.layer = layer,
                        .position = cache.table.positions()[slot],
                        .token = cache.table.tokens()[slot],
                        .score = victim.score,
                        .margin = victim.margin,
                        .next_position = victim.next_position,
                        .candidates = victim.candidates,
                        .reason = reason,
                        .degenerate = victim.degenerate};
  if (cache.audit) {
    record.exact_score = cache.audit->exact_mass()[static_cast<std::size_t>(record.position)];
    cache.audit->keep_evicted(cache.table, victim.slot);
  }
  evictions_.push_back(record);
}

DecodeAttention Lane::reading(int layer, std::span<const float> query) const {
  const SlotTable& table = layers_[static_cast<std::size_t>(layer)].table;
  return {.pages = table.pages(),
          .stored = table.stored(),
          .heads = config_.heads,
          .head_width = config_.head_width(),
          .scale = config_.attention_scale(layer),
          .query = query};
}

AttentionResult Lane::result_of_reading(int layer, std::span<float> output,
                                        LaneScratch& scratch) const {
  const SlotTable& table = layers_[static_cast<std::size_t>(layer)].table;
  const auto heads = static_cast<std::size_t>(config_.heads);
  scratch.mass.resize(heads * static_cast<std::size_t>(table.stored()));
  scratch.log_sum_exp.resize(heads);
  return {.output = output, .mass = scratch.mass, .log_sum_exp = scratch.log_sum_exp};
}

void Lane::observe(int layer, LaneScratch& scratch) {
  LayerCache& cache = layers_[static_cast<std::size_t>(layer)];
  const MassView mass{.data = scratch.mass.data(),
                      .heads = config_.heads,
                      .slots = cache.table.stored(),
                      .stride = cache.table.stored()};
  cache.statistics.observe(mass, static_cast<float>(knobs_.decay));
  count_mass(layer, mass, scratch);
}

void Lane::count_mass(int layer, const MassView& mass, LaneScratch& scratch) {
  LayerCache& cache = layers_[static_cast<std::size_t>(layer)];
  if (!cache.sketch && !cache.audit) return;
  scratch.slot_mass.resize(static_cast<std::size_t>(mass.slots));
  sum_heads(mass, scratch.slot_mass);
  const std::span<const int> positions = cache.table.positions();
  const std::span<const int> tokens = cache.table.tokens();
  if (cache.sketch) {
    scratch.items.clear();
    const bool per_head = sketch_key_ == SketchKey::head_position;
    for (int head = 0; head < (per_head ? mass.heads : 1); ++head) {
      const std::span<const float> row = per_head ? mass.head(head) : scratch.slot_mass;
      for (std::size_t slot = 0; slot < positions.size(); ++slot) {
        scratch.items.push_back({.id = item_id(sketch_key_, {.position = positions[slot],
                                                             .token = tokens[slot],
                                                             .head = head,
                                                             .positions = config_.positions}),
                                 .mass = row[slot]});
      }
    }
    if (knobs_.decay != 1.0) cache.sketch->scale(static_cast<float>(knobs_.decay));
    cache.sketch->update(scratch.items);
  }
  if (cache.audit) {
    cache.audit->count(positions, scratch.slot_mass, static_cast<float>(knobs_.decay));
  }
}

void Lane::audit(int layer, std::span<const float> query, std::span<const float> output,
                 const LaneScratch& scratch) {
  LayerCache& cache = layers_[static_cast<std::size_t>(layer)];
  if (!cache.audit) return;
  cache.divergence = cache.audit->compare({.query = query,
                                           .output = output,
                                           .log_sum_exp = scratch.log_sum_exp,
                                           .scale = config_.attention_scale(layer)});
}

void Lane::store_prompt_token(int layer, const SlotTable::Entry& entry) {
  LayerCache& cache = layers_[static_cast<std::size_t>(layer)];
  cache.statistics.admit(cache.table.append(entry));
}

void Lane::observe_prompt(int layer, const PromptMass& mass, LaneScratch& scratch) {
  LayerCache& cache = layers_[static_cast<std::size_t>(layer)];
  const int tokens = cache.table.stored();
  const auto view = [&](std::span<const float> data) {
    return MassView{.data = data.data(), .heads = config_.heads, .slots = tokens, .stride = tokens};
  };
  std::vector<float> last(static_cast<std::size_t>(tokens));
  sum_heads(view(mass.last), last);
  scratch.slot_mass.resize(last.size());
  sum_heads(view(mass.total), scratch.slot_mass);
  std::vector<int> queries(static_cast<std::size_t>(tokens));
  std::iota(queries.rbegin(), queries.rend(), 1);  // the key of row i is seen by rows i … N − 1
  cache.statistics.observe_prompt(scratch.slot_mass, last, queries);
  count_mass(layer, view(mass.total), scratch);
}

void Lane::cut_prompt(int layer, LaneScratch& scratch) {
  cut(layer, knobs_.recent_window, EvictionReason::prompt_cut, scratch);
}

void Lane::cut(int layer, int recent, EvictionReason reason, LaneScratch& scratch) {
  LayerCache& cache = layers_[static_cast<std::size_t>(layer)];
  if (!policy_->evicts() || cache.table.stored() <= knobs_.max_cache_size) return;
  scratch.importance.resize(static_cast<std::size_t>(cache.table.stored()));
  score(layer, scratch.importance);
  const std::vector<Victim> victims =
      choose_victims(cache.table.positions(), scratch.importance,
                     {.sinks = knobs_.sinks, .recent = recent}, knobs_.max_cache_size);
  std::vector<bool> leaves(static_cast<std::size_t>(cache.table.stored()));
  for (const Victim& victim : victims) {
    record_victim(layer, victim, reason);
    leaves[static_cast<std::size_t>(victim.slot)] = true;
  }
  std::vector<int> kept;
  for (int slot = 0; slot < cache.table.stored(); ++slot) {
    if (!leaves[static_cast<std::size_t>(slot)]) kept.push_back(slot);
  }
  cache.statistics.keep(cache.table.keep(kept));
}

void Lane::finish_pass(std::span<const int> tokens, std::span<const float> logits) {
  tokens_.insert(tokens_.end(), tokens.begin(), tokens.end());
  logits_.assign(logits.begin(), logits.end());
}

void Lane::unshare_pages() {
  for (LayerCache& cache : layers_) cache.table.unshare();
}

std::vector<EvictionRecord> Lane::take_evictions() {
  return std::exchange(evictions_, {});
}

}  // namespace sketchscope
