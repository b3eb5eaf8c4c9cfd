#include "gui/view/presets.hpp"

#include <algorithm>

#include "engine/core/error.hpp"

namespace sketchscope::view {
namespace {

std::vector<Preset> build_presets() {
  const settings::Knobs plain;
  settings::Knobs clusters = plain;
  clusters.granularity = settings::Granularity::head;
  clusters.sketch_key = sketch::SketchKey::head_position;
  clusters.decay = 0.97;
  clusters.budget = settings::BudgetKind::pyramid;
  clusters.read = "aggregate";
  clusters.aggregate = "clusters";
  settings::Knobs packed = clusters;
  packed.kv = kernels::KvFormat::int4;
  packed.max_cache_size = 192;
  settings::Knobs narrow = plain;
  narrow.sketch_width = 64;
  narrow.sketch_depth = 2;
  settings::Knobs heavy = plain;
  heavy.policy = "heavy-hitter";
  settings::Knobs window = plain;
  window.policy = "window";
  settings::Knobs full = plain;
  full.policy = "full";
  settings::Knobs full_packed = full;
  full_packed.kv = kernels::KvFormat::int4;
  return {
      {"defaults", "The idea in its plain form: a table and a sketch for each layer.", plain},
      {"near the full cache", "128 slots a head, decay, pyramid, clusters of what was evicted.",
       clusters},
      {"192 slots in int4", "The same with 192 slots of 4 bits.", packed},
      {"narrow sketch", "64 counters in 2 rows: collisions to look at.", narrow},
      {"heavy hitter", "Exact counters instead of a sketch.", heavy},
      {"window", "Sinks and the latest positions, whatever they weigh.", window},
      {"full cache", "Nothing is ever evicted.", full},
      {"full cache in int4", "Nothing is ever evicted, and everything is rounded.", full_packed},
  };
}

bool belongs_to_presets(const settings::KnobInfo& knob) {
  return knob.group == settings::KnobGroup::cache || knob.group == settings::KnobGroup::sketch;
}

}  // namespace

std::span<const Preset> built_in_presets() {
  static const std::vector<Preset> presets = build_presets();
  return presets;
}

settings::Knobs with_preset(const settings::Knobs& knobs, const Preset& preset) {
  settings::Knobs changed = knobs;
  for (const settings::KnobInfo& knob : settings::knob_table()) {
    if (belongs_to_presets(knob)) settings::copy_knob(preset.knobs, changed, knob);
  }
  return changed;
}

const Preset* preset_of(const settings::Knobs& knobs, std::span<const Preset> presets) {
  const auto found = std::find_if(presets.rbegin(), presets.rend(), [&](const Preset& preset) {
    return with_preset(knobs, preset) == knobs;
  });
  return found == presets.rend() ? nullptr : &*found;
}

void keep_preset(std::vector<Preset>& presets, const std::string& name,
                 const settings::Knobs& knobs) {
  const auto same_name = [&](const Preset& preset) { return preset.name == name; };
  const bool blank = name.find_first_not_of(' ') == std::string::npos;
  if (blank || std::ranges::any_of(built_in_presets(), same_name)) {
    throw core::UsageError(
        {.what = "a preset of one's own",
         .found = blank ? "no name" : "'" + name + "', which the program has already",
         .expected = "another name"});
  }
  std::erase_if(presets, same_name);
  presets.push_back({name, "Saved in this window.", knobs});
}

}  // namespace sketchscope::view
