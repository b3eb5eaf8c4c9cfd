// How a lane takes over other knobs at a step boundary (design section 3, rule 8).
#include <algorithm>

#include "engine/session/lane.hpp"

namespace sketchscope {
namespace {

// Granularity and prefill belong to a run; a lane keeps those it began with.
Knobs with_live_part(const Knobs& current, const Knobs& wanted) {
  Knobs merged = wanted;
  for (const KnobInfo& knob : knob_table()) {
    if (!knob.live) set_knob(merged, knob.name, knob_text(current, knob));
  }
  return merged;
}

std::vector<KnobChange> differences(const Knobs& before, const Knobs& after) {
  std::vector<KnobChange> changes;
  for (const KnobInfo& knob : knob_table()) {
    const std::string from = knob_text(before, knob);
    const std::string to = knob_text(after, knob);
    if (from != to) changes.push_back({.knob = std::string(knob.name), .from = from, .to = to});
  }
  return changes;
}

}  // namespace

std::vector<KnobChange> Lane::apply(const Knobs& knobs) {
  const Knobs before = knobs_;
  const Knobs after = with_live_part(before, knobs);
  if (after == before) return {};
  check_knobs(after);

  knobs_ = after;
  if (after.seed != before.seed) random_ = SplitMix64(after.seed);
  if (after.policy != before.policy) {
    change_policy(before);
  } else {
    change_sketch(before);
  }
  const EvictionReason reason = after.policy != before.policy ? EvictionReason::policy_changed
                                                              : EvictionReason::capacity_lowered;
  LaneScratch scratch;
  const int recent = std::max(after.recent_window, 1) - 1;
  for (int layer = 0; layer < config_.layers; ++layer) cut(layer, recent, reason, scratch);

  std::vector<KnobChange> changes = differences(before, after);
  for (KnobChange& change : changes) {
    const bool shape = change.knob == "sketch" || change.knob == "sketch_width" ||
                       change.knob == "sketch_depth" || change.knob == "sketch_seed";
    if (!policy_->uses_sketch()) continue;
    if (shape) change.note = "approximate: seeded with the estimates of the stored items";
    if (change.knob == "sketch_key") change.note = "approximate: the table starts at zero";
  }
  return changes;
}

void Lane::change_policy(const Knobs& before) {
  const bool had_sketch = policy_->uses_sketch();
  policy_ = make_policy(knobs_.policy);
  sketch_key_ = sketch_key_from(knobs_.sketch_key);
  for (LayerCache& cache : layers_) {
    cache.statistics = cache.statistics.converted(policy_->needs());
    if (!policy_->uses_sketch()) cache.sketch = {};
    if (policy_->uses_sketch() && !had_sketch) cache.sketch = fresh_sketch();
  }
  if (policy_->uses_sketch() && had_sketch) change_sketch(before);
}

void Lane::change_sketch(const Knobs& before) {
  if (!policy_->uses_sketch()) return;
  const bool key_changed = before.sketch_key != knobs_.sketch_key;
  const bool shape_changed =
      before.sketch != knobs_.sketch || before.sketch_width != knobs_.sketch_width ||
      before.sketch_depth != knobs_.sketch_depth || before.sketch_seed != knobs_.sketch_seed;
  sketch_key_ = sketch_key_from(knobs_.sketch_key);
  const SketchShape shape{
      .width = knobs_.sketch_width, .depth = knobs_.sketch_depth, .seed = knobs_.sketch_seed};
  for (LayerCache& cache : layers_) {
    if (key_changed) {
      cache.sketch = reshape_sketch(knobs_.sketch, shape, *cache.sketch, {});
    } else if (shape_changed) {
      std::vector<std::uint32_t> ids;
      const int heads = sketch_key_ == SketchKey::head_position ? config_.heads : 1;
      for (int head = 0; head < heads; ++head) {
        for (std::size_t slot = 0; slot < cache.table.positions().size(); ++slot) {
          ids.push_back(item_id(sketch_key_, {.position = cache.table.positions()[slot],
                                              .token = cache.table.tokens()[slot],
                                              .head = head,
                                              .positions = config_.positions}));
        }
      }
      cache.sketch = reshape_sketch(knobs_.sketch, shape, *cache.sketch, ids);
    }
  }
}

}  // namespace sketchscope
