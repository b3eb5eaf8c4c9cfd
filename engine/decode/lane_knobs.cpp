// This file changes the knobs of a lane between two steps (docs/cache.md, "Live knobs").
#include "engine/decode/phases.hpp"

namespace sketchscope::decode {
namespace {

// Returns the wanted knobs, except that those which are not live keep their current values: a lane
// cannot change them, so they wait for the next run.
settings::Knobs with_live_part(const settings::Knobs& current, const settings::Knobs& wanted) {
  settings::Knobs merged = wanted;
  for (const settings::KnobInfo& knob : settings::knob_table()) {
    if (!knob.live) settings::copy_knob(current, merged, knob);
  }
  return merged;
}

// Returns whether a knob sets one of these members of Knobs.
template <typename... Values>
bool sets_one_of(const settings::KnobInfo& knob, Values settings::Knobs::*... members) {
  return ((knob.field == settings::KnobField(members)) || ...);
}

// Returns why tables may hold more slots than their new capacity.
record::EvictionReason reason_of_surplus(const settings::Knobs& before,
                                         const settings::Knobs& after) {
  if (after.policy != before.policy) return record::EvictionReason::policy_changed;
  return after.max_cache_size < before.max_cache_size ? record::EvictionReason::capacity_lowered
                                                      : record::EvictionReason::budget_moved;
}

// Returns whether the sketch counts other items now, so that no counter can be carried over. Codes
// of keys are other items when the random planes change, which follow from bits and seed.
bool items_differ(const settings::Knobs& before, const settings::Knobs& after) {
  if (before.sketch_key != after.sketch_key) return true;
  return after.sketch_key == sketch::SketchKey::key_lsh &&
         (before.lsh_bits != after.lsh_bits || before.sketch_seed != after.sketch_seed);
}

bool sketch_shape_differs(const settings::Knobs& before, const settings::Knobs& after) {
  return before.sketch != after.sketch ||
         settings::sketch_shape(before) != settings::sketch_shape(after);
}

// Returns what a change of this knob did to the counters of the sketch; empty if nothing.
std::string sketch_note(const settings::KnobInfo& knob, bool items_changed) {
  const bool sets_counters =
      sets_one_of(knob, &settings::Knobs::sketch, &settings::Knobs::sketch_width,
                  &settings::Knobs::sketch_depth, &settings::Knobs::sketch_seed,
                  &settings::Knobs::sketch_hash, &settings::Knobs::sketch_key) ||
      (items_changed && sets_one_of(knob, &settings::Knobs::lsh_bits));
  if (!sets_counters) return {};
  return items_changed ? "approximate: the table starts at zero"
                       : "approximate: seeded with the estimates of the stored items";
}

// Returns what a change of this knob did to stored slots and summaries; empty if nothing.
std::string read_note(const settings::KnobInfo& knob, const settings::Knobs& after) {
  if (sets_one_of(knob, &settings::Knobs::kv)) {
    return "stored slots encoded again; digits lost before do not come back";
  }
  const bool summary = sets_one_of(knob, &settings::Knobs::read, &settings::Knobs::aggregate,
                                   &settings::Knobs::clusters);
  return summary && after.read->reads_tail ? "the summary starts without what left before" : "";
}

// Gives a lane other knobs and brings its tables, sketches and summaries in line with them.
class KnobApplier {
 public:
  explicit KnobApplier(LaneState& lane) : lane_(lane), before_(lane.rules.knobs) {}

  std::vector<record::KnobChange> apply(const settings::Knobs& wanted) {
    const settings::Knobs after = with_live_part(before_, wanted);
    if (after == before_) return {};
    settings::check_knobs(after);
    settings::check_model(after, lane_.config);
    settings::check_target(after, lane_.measured.audit, lane_.measured.has_twin);

    // The capacity changes after the policy and the sketch, since the new policy's scores choose
    // what is evicted.
    lane_.rules.knobs = after;
    if (after.seed != before_.seed) lane_.random = core::SplitMix64(after.seed);
    if (settings::policy_differs(before_, after)) {
      change_policy();
    } else {
      change_sketch();
      change_observation();
    }
    change_read();
    change_capacity();
    change_format();
    return changes();
  }

 private:
  [[nodiscard]] std::vector<record::KnobChange> changes() const {
    const settings::Knobs& after = lane_.rules.knobs;
    std::vector<record::KnobChange> changes;
    for (const settings::KnobInfo& knob : settings::knob_table()) {
      if (settings::same_value(before_, after, knob)) continue;
      std::string note;
      if (lane_.rules.policy->uses_sketch()) note = sketch_note(knob, items_differ(before_, after));
      if (note.empty()) note = read_note(knob, after);
      changes.push_back({.knob = std::string(knob.name),
                         .from = settings::knob_text(before_, knob),
                         .to = settings::knob_text(after, knob),
                         .note = std::move(note)});
    }
    return changes;
  }

  void change_policy() {
    CacheRules& rules = lane_.rules;
    const bool had_sketch = rules.policy->uses_sketch();
    rules.policy = settings::make_policy(rules.knobs);
    const bool keeps_sketch = rules.policy->uses_sketch() && had_sketch;
    for (LayerCache& cache : lane_.layers) {
      for (CacheTable& table : cache.tables) {
        table.statistics = table.statistics.converted(rules.policy->needs(), mass_rows());
        // Moments that the policy before needed too are carried over.
        if (rules.policy->needs_query_moments() != (table.moments.heads() > 0))
          table.moments = lane_.fresh_moments(table.heads);
      }
      if (!keeps_sketch) cache.sketch = lane_.fresh_sketch();
    }
    if (keeps_sketch) {
      change_sketch();
    } else {
      rules.sketch_key = rules.knobs.sketch_key;
      change_coder();
    }
    note_stored_vectors();
  }

  [[nodiscard]] int mass_rows() const {
    return lane_.rules.policy->mass_rows(lane_.rules.observation());
  }

  void change_observation() {
    for (LayerCache& cache : lane_.layers) {
      for (CacheTable& table : cache.tables) {
        if (table.statistics.mass_rows().rows() != mass_rows())
          table.statistics = table.statistics.converted(lane_.rules.policy->needs(), mass_rows());
      }
    }
  }

  void change_sketch() {
    CacheRules& rules = lane_.rules;
    if (!rules.policy->uses_sketch()) return;
    const bool items_changed = items_differ(before_, rules.knobs);
    if (!items_changed && !sketch_shape_differs(before_, rules.knobs)) return;

    rules.sketch_key = rules.knobs.sketch_key;
    if (items_changed) {
      change_coder();
      note_stored_vectors();
    }
    const sketch::SketchShape shape = settings::sketch_shape(rules.knobs);
    std::vector<std::uint32_t> ids;
    for (LayerCache& cache : lane_.layers) {
      ids.clear();
      for (const CacheTable& table : cache.tables) {
        if (items_changed) break;  // Without ids the new sketch starts at zero.
        lane_.items_of(table).add_ids(ids);
      }
      cache.sketch = sketch::reshape_sketch(*rules.knobs.sketch, shape, *cache.sketch, ids);
    }
  }

  void change_read() {
    const settings::Knobs& after = lane_.rules.knobs;
    lane_.rules.read = after.read->make();
    for (LayerCache& cache : lane_.layers) {
      for (CacheTable& table : cache.tables) {
        if (table.bounds.are_kept() == lane_.rules.read->reads_pages()) continue;
        table.bounds = lane_.fresh_bounds(table.heads);
        table.bounds.rebuild(table.slots);
      }
    }
    const bool summary_differs = before_.read != after.read ||
                                 before_.aggregate != after.aggregate ||
                                 before_.clusters != after.clusters;
    if (!summary_differs) return;
    for (LayerCache& cache : lane_.layers) {
      for (CacheTable& table : cache.tables) table.tail = lane_.fresh_tail(table.heads);
    }
  }

  void change_capacity() {
    lane_.budgets.change(lane_.budget_rule());
    evict_surplus(lane_, reason_of_surplus(before_, lane_.rules.knobs));
  }

  void change_format() {
    if (before_.kv == lane_.rules.knobs.kv) return;
    for (LayerCache& cache : lane_.layers) {
      for (CacheTable& table : cache.tables) {
        // The audit measures against exact keys and values, and every format but f32 loses digits.
        if (table.audit && lane_.rules.knobs.kv != kernels::KvFormat::f32)
          table.audit->keep_originals(table.slots);
        table.slots = table.slots.encoded_in(lane_.pages->of(lane_.page_shape()));
        table.bounds.rebuild(table.slots);
      }
    }
  }

  void change_coder() {
    lane_.rules.coder = lane_.fresh_coder();
    if (lane_.rules.coder) return;  // note_stored_vectors() replaces the codes.
    for (LayerCache& cache : lane_.layers) {
      for (CacheTable& table : cache.tables) table.codes.clear();
    }
  }

  [[nodiscard]] bool keeps_of_vectors(const CacheTable& table) const {
    return lane_.rules.coder || table.statistics.keeps(cache::Statistic::key_norm) ||
           table.statistics.keeps(cache::Statistic::value_norm);
  }

  // Computes again what is kept of each stored key and value: norms and codes.
  void note_stored_vectors() {
    std::vector<float> key(static_cast<std::size_t>(lane_.table_kv_heads()) * lane_.head_width());
    std::vector<float> value(key.size());
    for (LayerCache& cache : lane_.layers) {
      for (CacheTable& table : cache.tables) {
        // All tables keep the same, so what holds of the first holds of the others.
        if (!keeps_of_vectors(table)) return;
        for (int slot = 0; slot < table.slots.stored(); ++slot) {
          table.slots.read_key(slot, key);
          table.slots.read_value(slot, value);
          note_vectors(lane_, table, slot, key, value);
        }
      }
    }
  }

  LaneState& lane_;
  const settings::Knobs before_;
};

}  // namespace

std::vector<record::KnobChange> Lane::apply(const settings::Knobs& knobs) {
  return KnobApplier(*state_).apply(knobs);
}

}  // namespace sketchscope::decode
