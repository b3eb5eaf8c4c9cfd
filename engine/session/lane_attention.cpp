// How a lane's tables are read, and what is learnt from a reading.
#include <numeric>

#include "engine/session/lane.hpp"

namespace sketchscope {

void Lane::add_readings(int layer, std::span<const float> query, std::span<float> output,
                        LaneScratch& scratch, Readings& readings) const {
  const LayerCache& cache = layers_[static_cast<std::size_t>(layer)];
  const auto heads = static_cast<std::size_t>(config_.heads);
  const auto width = static_cast<std::size_t>(config_.head_width());
  const auto stored = static_cast<std::size_t>(cache.stored());
  scratch.mass.resize(heads * stored);
  scratch.log_sum_exp.resize(heads);
  for (const HeadGroup& group : cache.groups) {
    readings.inputs.push_back({.pages = group.table.pages(),
                               .stored = group.table.stored(),
                               .heads = group.heads.count,
                               .head_width = config_.head_width(),
                               .scale = config_.attention_scale(layer),
                               .query = group.part_of(query, width)});
    readings.results.push_back({.output = group.part_of(output, width),
                                .mass = group.part_of(std::span(scratch.mass), stored),
                                .log_sum_exp = group.part_of(std::span(scratch.log_sum_exp), 1)});
  }
}

void Lane::observe(int layer, LaneScratch& scratch) {
  LayerCache& cache = layer_cache(layer);
  const MassView mass{.data = scratch.mass.data(),
                      .heads = config_.heads,
                      .slots = cache.stored(),
                      .stride = cache.stored()};
  for (HeadGroup& group : cache.groups) {
    group.statistics.observe(mass.part(group.heads), static_cast<float>(knobs_.decay));
  }
  count_mass(cache, mass, scratch);
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
      const std::span<const float> gained =
          items.rows() > 1 ? of_group.head(row) : std::span<const float>(scratch.slot_mass);
      for (std::size_t slot = 0; slot < gained.size(); ++slot) {
        scratch.items.push_back({.id = items.id(row, slot), .mass = gained[slot]});
      }
    }
  }
  if (!cache.sketch) return;
  if (decay != 1.0F) cache.sketch->scale(decay);
  cache.sketch->update(scratch.items);
}

void Lane::audit(int layer, std::span<const float> query, std::span<const float> output,
                 const LaneScratch& scratch) {
  const auto width = static_cast<std::size_t>(config_.head_width());
  for (HeadGroup& group : layer_cache(layer).groups) {
    if (!group.audit) continue;
    group.divergence =
        group.audit->compare({.query = group.part_of(query, width),
                              .output = group.part_of(output, width),
                              .log_sum_exp = group.part_of(std::span(scratch.log_sum_exp), 1),
                              .scale = config_.attention_scale(layer)});
  }
}

void Lane::observe_prompt(int layer, const PromptMass& mass, LaneScratch& scratch) {
  LayerCache& cache = layer_cache(layer);
  const int tokens = cache.stored();
  const auto view = [&](std::span<const float> data) {
    return MassView{.data = data.data(), .heads = config_.heads, .slots = tokens, .stride = tokens};
  };
  std::vector<int> queries(static_cast<std::size_t>(tokens));
  std::iota(queries.rbegin(), queries.rend(), 1);  // the key of row i is seen by rows i … N − 1
  std::vector<float> last(static_cast<std::size_t>(tokens));
  scratch.slot_mass.resize(last.size());
  for (HeadGroup& group : cache.groups) {
    sum_heads(view(mass.last).part(group.heads), last);
    sum_heads(view(mass.total).part(group.heads), scratch.slot_mass);
    group.statistics.observe_prompt(scratch.slot_mass, last, queries);
  }
  count_mass(cache, view(mass.total), scratch);
}

void Lane::cut_prompt(int layer, LaneScratch& scratch) {
  cut(layer, knobs_.recent_window, EvictionReason::prompt_cut, scratch);
}

}  // namespace sketchscope
