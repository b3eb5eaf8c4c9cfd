// How a lane takes over other knobs at a step boundary (design section 3, rule 8).
#include <algorithm>

#include "engine/decode/lane.hpp"

namespace sketchscope {
namespace {

// Granularity and prefill belong to a run; a lane keeps those it began with.
Knobs with_live_part(const Knobs& current, const Knobs& wanted) {
  Knobs merged = wanted;
  for (const KnobInfo& knob : knob_table()) {
    if (!knob.live) copy_knob(current, merged, knob);
  }
  return merged;
}

std::vector<KnobChange> differences(const Knobs& before, const Knobs& after) {
  std::vector<KnobChange> changes;
  for (const KnobInfo& knob : knob_table()) {
    if (same_value(before, after, knob)) continue;
    changes.push_back({.knob = std::string(knob.name),
                       .from = knob_text(before, knob),
                       .to = knob_text(after, knob)});
  }
  return changes;
}

// What a change of this knob does to what the sketch has counted.
std::string sketch_note(const std::string& knob, bool other_items) {
  const bool table = knob == "sketch" || knob == "sketch_width" || knob == "sketch_depth" ||
                     knob == "sketch_seed" || knob == "sketch_key" || knob == "lsh_bits";
  if (!table || (knob == "lsh_bits" && !other_items)) return {};
  return other_items ? "approximate: the table starts at zero"
                     : "approximate: seeded with the estimates of the stored items";
}

// What a change of this knob does to what is stored and summarised.
std::string read_note(const std::string& knob, const Knobs& after) {
  if (knob == "kv") return "stored slots encoded again; digits lost before do not come back";
  const bool summary = knob == "read" || knob == "aggregate" || knob == "clusters";
  return summary && after.read->reads_tail ? "the summary starts without what left before" : "";
}

EvictionReason reason_of_cut(const Knobs& before, const Knobs& after) {
  if (after.policy != before.policy) return EvictionReason::policy_changed;
  return after.max_cache_size < before.max_cache_size ? EvictionReason::capacity_lowered
                                                      : EvictionReason::budget_moved;
}

// Another key, or other planes that code it: what was counted belongs to other items.
bool other_items(const Knobs& before, const Knobs& after) {
  if (before.sketch_key != after.sketch_key) return true;
  return after.sketch_key == SketchKey::key_lsh &&
         (before.lsh_bits != after.lsh_bits || before.sketch_seed != after.sketch_seed);
}

}  // namespace

std::vector<KnobChange> Lane::apply(const Knobs& knobs) {
  const Knobs before = knobs_;
  const Knobs after = with_live_part(before, knobs);
  if (after == before) return {};
  check_knobs(after);
  check_head_width(after, config_.head_width);
  check_target(after, audited_, has_twin_);

  knobs_ = after;
  if (after.seed != before.seed) random_ = SplitMix64(after.seed);
  if (after.policy != before.policy) {
    change_policy(before);
  } else {
    change_sketch(before);
  }
  change_read(before);
  budgets_.change(budget_rule());
  cut_all(reason_of_cut(before, after));
  change_format(before);

  std::vector<KnobChange> changes = differences(before, after);
  for (KnobChange& change : changes) {
    if (policy_->uses_sketch()) change.note = sketch_note(change.knob, other_items(before, after));
    if (change.note.empty()) change.note = read_note(change.knob, after);
  }
  return changes;
}

void Lane::change_policy(const Knobs& before) {
  const bool had_sketch = policy_->uses_sketch();
  policy_ = knobs_.policy->make();
  for (LayerCache& cache : layers_) {
    for (HeadGroup& group : cache.groups) {
      group.statistics = group.statistics.converted(policy_->needs());
    }
    if (policy_->uses_sketch() && had_sketch) continue;
    cache.sketch = fresh_sketch();
  }
  if (policy_->uses_sketch() && had_sketch) {
    change_sketch(before);
  } else {
    sketch_key_ = knobs_.sketch_key;
    change_coder();
  }
  note_stored_keys();
}

void Lane::change_sketch(const Knobs& before) {
  if (!policy_->uses_sketch()) return;
  const bool shape_changed =
      before.sketch != knobs_.sketch || before.sketch_width != knobs_.sketch_width ||
      before.sketch_depth != knobs_.sketch_depth || before.sketch_seed != knobs_.sketch_seed;
  const bool items_changed = other_items(before, knobs_);
  if (!shape_changed && !items_changed) return;

  sketch_key_ = knobs_.sketch_key;
  if (items_changed) {
    change_coder();
    note_stored_keys();
  }
  const SketchShape shape{
      .width = knobs_.sketch_width, .depth = knobs_.sketch_depth, .seed = knobs_.sketch_seed};
  std::vector<std::uint32_t> ids;
  for (LayerCache& cache : layers_) {
    ids.clear();
    for (const HeadGroup& group : cache.groups) {
      if (items_changed) break;  // what was counted is of no use to other items
      items_of(group).add_ids(ids);
    }
    cache.sketch = reshape_sketch(*knobs_.sketch, shape, *cache.sketch, ids);
  }
}

void Lane::change_coder() {
  const bool coded = policy_->uses_sketch() && sketch_key_ == SketchKey::key_lsh;
  const int width = table_heads() * config_.head_width;
  coder_ = coded ? std::make_shared<KeyCoder>(width, knobs_.lsh_bits, knobs_.sketch_seed) : nullptr;
  if (coded) return;
  for (LayerCache& cache : layers_) {
    for (HeadGroup& group : cache.groups) group.codes.clear();
  }
}

void Lane::note_stored_keys() {
  std::vector<float> key(static_cast<std::size_t>(table_heads() * config_.head_width));
  for (LayerCache& cache : layers_) {
    for (HeadGroup& group : cache.groups) {
      if (!coder_ && !group.statistics.keeps(Statistic::key_norm)) return;
      for (int slot = 0; slot < group.table.stored(); ++slot) {
        group.table.read_key(slot, key);
        note_key(group, slot, key);
      }
    }
  }
}

}  // namespace sketchscope
