// How a lane's tables are read, and what is learnt from a reading.
#include <algorithm>
#include <numeric>

#include "engine/decode/lane.hpp"
#include "engine/policy/output_damage.hpp"

namespace sketchscope {
namespace {

// (H, S) without gaps.
MassView mass_view(std::span<const float> mass, int heads) {
  const int slots = static_cast<int>(mass.size()) / heads;
  return {.data = mass.data(), .heads = heads, .slots = slots, .stride = slots};
}

}  // namespace

void Lane::add_readings(int layer, std::span<const float> query, std::span<float> output,
                        LaneScratch& scratch, Readings& readings) const {
  const LayerCache& cache = layers_[static_cast<std::size_t>(layer)];
  const auto heads = static_cast<std::size_t>(config_.heads);
  const auto width = static_cast<std::size_t>(config_.head_width);
  const auto stored = static_cast<std::size_t>(cache.stored());
  scratch.mass.resize(heads * stored);
  scratch.log_sum_exp.resize(heads);
  for (const HeadGroup& group : cache.groups) {
    readings.add({.pages = group.table.pages(),
                  .format = group.table.format(),
                  .stored = group.table.stored(),
                  .heads = group.heads.count,
                  .kv_heads = group.heads.count,
                  .head_width = config_.head_width,
                  .scale = config_.attention_scale(layer),
                  .query = group.part_of(query, width)},
                 {.output = group.part_of(output, width),
                  .mass = group.part_of(std::span(scratch.mass), stored),
                  .log_sum_exp = group.part_of(std::span(scratch.log_sum_exp), 1)});
  }
}

void Lane::observe(int layer, std::span<const float> output, LaneScratch& scratch) {
  LayerCache& cache = layer_cache(layer);
  const MassView mass = mass_view(scratch.mass, config_.heads);
  const auto decay = static_cast<float>(knobs_.decay);
  for (HeadGroup& group : cache.groups) {
    group.statistics.observe(mass.part(group.heads), decay);
    learn_damage(group, mass, output, decay, scratch);
  }
  count_mass(cache, mass, scratch);
  learn_need(layer, mass, scratch);
  if (keeps_attention_) keep_attention(cache, scratch.mass);
}

void Lane::keep_attention(LayerCache& cache, std::span<const float> mass) {
  Attended& attended = cache.attended;
  attended.mass.resize(mass.size());
  std::ranges::copy(mass, attended.mass.begin());
  const auto stored = static_cast<std::size_t>(cache.stored());
  attended.positions.resize(cache.groups.size() * stored);
  auto slot = attended.positions.begin();
  for (const HeadGroup& group : cache.groups) {
    slot = std::ranges::copy(group.table.positions(), slot).out;
  }
}

void Lane::learn_damage(HeadGroup& group, const MassView& mass, std::span<const float> output,
                        float decay, LaneScratch& scratch) {
  if (!group.statistics.keeps(Statistic::output_damage)) return;
  const auto of_group = group.part_of(output, static_cast<std::size_t>(config_.head_width));
  scratch.damage.resize(static_cast<std::size_t>(mass.slots));
  scratch.value.resize(of_group.size());
  output_damage(group.table, mass.part(group.heads), of_group, scratch.value, scratch.damage);
  group.statistics.accumulate(Statistic::output_damage, scratch.damage, decay);
}

void Lane::count_mass(LayerCache& cache, const MassView& mass, LaneScratch& scratch) {
  if (!cache.sketch && !audited_) return;
  const auto decay = static_cast<float>(knobs_.decay);
  scratch.items.clear();
  scratch.slot_mass.resize(static_cast<std::size_t>(mass.slots));
  for (HeadGroup& group : cache.groups) {
    const MassView of_group = mass.part(group.heads);
    sum_heads(of_group, scratch.slot_mass);
    if (group.audit) group.audit->count(group.table.positions(), scratch.slot_mass, decay);
    if (!cache.sketch) continue;
    const ItemMap items = items_of(group);
    for (int row = 0; row < items.rows(); ++row) {
      items.add_items(row, items.rows() > 1 ? of_group.head(row) : scratch.slot_mass,
                      scratch.items);
    }
  }
  if (!cache.sketch) return;
  if (decay != 1.0F) cache.sketch->scale(decay);
  cache.sketch->update(scratch.items);
}

LayerAudit::Query Lane::audit_query(int layer, std::size_t index, const Answer& answer,
                                    const LaneScratch& scratch) const {
  const LayerCache& cache = layers_[static_cast<std::size_t>(layer)];
  const HeadGroup& group = cache.groups[index];
  const auto width = static_cast<std::size_t>(config_.head_width);
  const auto stored = static_cast<std::size_t>(cache.stored());
  const std::span<const float> tail_share = scratch.tail_share;
  return {.table = group.table,
          .slots = scratch.read_slots[index],
          .query = group.part_of(answer.query, width),
          .output = group.part_of(answer.output, width),
          .mass = group.part_of(std::span(scratch.mass), stored),
          .log_sum_exp = group.part_of(std::span(scratch.log_sum_exp), 1),
          .tail_share = tail_share.empty() ? tail_share : group.part_of(tail_share, 1),
          .scale = config_.attention_scale(layer)};
}

void Lane::add_audit_readings(int layer, const Answer& answer, const LaneScratch& scratch,
                              Readings& readings) {
  if (!audited_) return;
  std::vector<HeadGroup>& groups = layer_cache(layer).groups;
  for (std::size_t index = 0; index < groups.size(); ++index) {
    groups[index].audit->add_readings(audit_query(layer, index, answer, scratch), readings);
  }
}

void Lane::audit(int layer, const Answer& answer, const LaneScratch& scratch) {
  if (!audited_) return;
  std::vector<HeadGroup>& groups = layer_cache(layer).groups;
  for (std::size_t index = 0; index < groups.size(); ++index) {
    const LayerAudit::Query query = audit_query(layer, index, answer, scratch);
    groups[index].divergence = groups[index].audit->compare(query);
    if (observer_) show(layer, groups[index], query);
  }
}

void Lane::show(int layer, const HeadGroup& group, const LayerAudit::Query& query) const {
  const int position = std::ranges::max(group.table.positions());  // the incoming token's
  ShadowAttention attention;
  for (int head = 0; head < group.heads.count; ++head) {
    const int of_layer = group.heads.first + head;
    if (!observer_->wants(layer, of_layer, position)) continue;
    group.audit->align(query, head, attention);
    observer_->see(layer, of_layer, attention);
  }
}

void Lane::observe_prompt(int layer, const PromptMass& mass, LaneScratch& scratch) {
  LayerCache& cache = layer_cache(layer);
  const MassView total = mass_view(mass.total, config_.heads);
  const MassView of_last = mass_view(mass.last, config_.heads);
  std::vector<int> queries(static_cast<std::size_t>(cache.stored()));
  std::iota(queries.rbegin(), queries.rend(), 1);  // the key of row i is seen by rows i … N − 1
  std::vector<float> last(queries.size());
  scratch.slot_mass.resize(last.size());
  for (HeadGroup& group : cache.groups) {
    sum_heads(of_last.part(group.heads), last);
    sum_heads(total.part(group.heads), scratch.slot_mass);
    group.statistics.observe_prompt(scratch.slot_mass, last, queries);
  }
  count_mass(cache, total, scratch);
}

bool Lane::observes_prompt_rows() const {
  return layers_.front().groups.front().statistics.keeps(Statistic::output_damage);
}

void Lane::observe_prompt_row(int layer, std::span<const float> query, std::span<float> output,
                              LaneScratch& scratch) {
  Readings readings;
  add_readings(layer, query, output, scratch, readings);
  for (std::size_t table = 0; table < readings.inputs.size(); ++table) {
    decode_attention(readings.inputs[table], readings.results[table]);
  }
  const MassView mass = mass_view(scratch.mass, config_.heads);
  for (HeadGroup& group : layer_cache(layer).groups) {
    learn_damage(group, mass, output, 1.0F, scratch);
  }
}

void Lane::cut_prompt(int layer, LaneScratch& scratch) {
  cut(layer, knobs_.recent_window, EvictionReason::prompt_cut, scratch);
}

}  // namespace sketchscope
