// What a lane takes from the allocator before a step, so that the step itself takes nothing.
#include <algorithm>

#include "engine/core/room.hpp"
#include "engine/decode/lane.hpp"

namespace sketchscope {

std::size_t Lane::make_room(LaneScratch& scratch) {
  sketchscope::make_room(tokens_, tokens_.size() + 1);
  const std::size_t tables = layers_.size() * layers_.front().groups.size();
  if (policy_->evicts()) sketchscope::make_room(evictions_, evictions_.size() + tables);
  std::size_t pages = 0;
  std::size_t slots = 0;
  for (int layer = 0; layer < config_.layers; ++layer) {
    LayerCache& cache = layer_cache(layer);
    for (HeadGroup& group : cache.groups) {
      if (is_full(layer, group)) pages += group.table.pages_to_replace();
      make_room(layer, group);
    }
    slots = std::max(slots, static_cast<std::size_t>(cache.stored()) + 1);
  }

  const auto heads = static_cast<std::size_t>(config_.heads);
  const std::size_t item_rows =
      sketch_key_ == SketchKey::head_position ? heads : layers_.front().groups.size();
  sketchscope::make_room(scratch.mass, heads * slots);
  for (auto* of_slots : {&scratch.slot_mass, &scratch.importance, &scratch.estimates}) {
    sketchscope::make_room(*of_slots, slots);
  }
  if (layers_.front().groups.front().statistics.keeps(Statistic::output_damage)) {
    sketchscope::make_room(scratch.damage, slots);
  }
  sketchscope::make_room(scratch.items, item_rows * slots);
  sketchscope::make_room(scratch.ids, slots);
  if (!read_->needs_scores()) return pages;
  scratch.read_slots.resize(std::max(scratch.read_slots.size(), layers_.front().groups.size()));
  for (std::vector<int>& chosen : scratch.read_slots) sketchscope::make_room(chosen, slots);
  return pages;
}

void Lane::make_room(int layer, HeadGroup& group) {
  const bool keeps_one_more =
      is_full(layer, group) || (group.audit && group.audit->keeps_originals());
  if (group.audit && keeps_one_more) group.audit->make_room();
  if (is_full(layer, group)) return;
  group.table.make_room_to_append();
  group.statistics.make_room_to_admit();
  if (coder_) sketchscope::make_room(group.codes, group.codes.size() + 1);
}

void Lane::reserve_pages(std::size_t pages) {
  if (pages > 0) pages_->of(page_shape())->reserve(pages);
}

std::size_t LaneScratch::bytes() const {
  std::size_t bytes = items.capacity() * sizeof(SketchItem) +
                      ids.capacity() * sizeof(std::uint32_t) +
                      historic_shares.capacity() * sizeof(double);
  for (const std::vector<int>& slots : read_slots) bytes += slots.capacity() * sizeof(int);
  for (const auto* numbers : {&mass, &log_sum_exp, &tail_share, &tail_mean, &slot_mass, &damage,
                              &importance, &estimates, &key, &value}) {
    bytes += numbers->capacity() * sizeof(float);
  }
  return bytes;
}

}  // namespace sketchscope
