#include "tests/support/random_knobs.hpp"

#include <nlohmann/json.hpp>
#include <vector>

#include "engine/core/error.hpp"

namespace sketchscope::support {
namespace {

// Numbers that matter within some sixty steps; a knob that is not named keeps to its choices.
std::vector<std::string> interesting_values(const settings::KnobInfo& knob) {
  if (knob.name == "target") return {"none"};         // others need an audit or a twin
  if (knob.name == "positions") return {"original"};  // the other takes a rotary model
  if (knob.name == "target_value") return {"0.5"};
  if (knob.is_text())
    return {"mass", "mass/queries", "zscore(pos) + rank(last)", "-norm_k * norm_v"};
  if (!knob.choices.empty()) return {knob.choices.begin(), knob.choices.end()};
  if (knob.name == "max_cache_size") return {"5", "8", "12", "17", "32", "64"};
  if (knob.name == "sinks") return {"0", "1", "2", "4"};
  if (knob.name == "recent_window") return {"0", "1", "3", "8", "40"};
  if (knob.name == "observation_window") return {"1", "3", "8", "40"};
  if (knob.name == "pool_kernel") return {"1", "3", "5"};
  if (knob.name == "evict_batch") return {"1", "2", "5", "40"};
  if (knob.name == "sketch_width") return {"1", "7", "16", "64", "512"};
  if (knob.name == "sketch_depth") return {"1", "2", "4", "5"};
  if (knob.name == "lsh_bits") return {"1", "6", "24"};
  if (knob.name == "read_k") return {"1", "6", "20", "100"};
  if (knob.name == "clusters") return {"1", "3", "8"};
  if (knob.name == "decay") return {"1", "0.9", "0.5"};
  if (knob.name == "temperature") return {"0", "0.7", "2"};
  if (knob.name == "top_k") return {"0", "1", "5"};
  if (knob.name == "top_p") return {"1", "0.9", "0.1"};
  if (knob.name == "repetition_penalty") return {"1", "1.3", "0.8"};
  if (knob.name == "threshold") return {"0", "0.3", "1"};
  if (knob.name == "branch_factor" || knob.name == "max_paths") return {"1", "3", "20"};
  return {"1", "42", "18446744073709551615"};
}

void draw(settings::Knobs& knobs, const settings::KnobInfo& knob, core::SplitMix64& random) {
  const std::vector<std::string> values = interesting_values(knob);
  settings::set_knob(knobs, knob.name, values[random.below(values.size())]);
}

bool allowed(const settings::Knobs& knobs) {
  try {
    settings::check_knobs(knobs);
    return true;
  } catch (const core::UsageError&) {
    return false;
  }
}

}  // namespace

settings::Knobs random_knobs(core::SplitMix64& random) {
  settings::Knobs knobs;
  do {
    for (const settings::KnobInfo& knob : settings::knob_table()) draw(knobs, knob, random);
  } while (!allowed(knobs));
  return knobs;
}

settings::Knobs with_one_change(const settings::Knobs& knobs, core::SplitMix64& random) {
  const auto table = settings::knob_table();
  settings::Knobs changed;
  do {
    changed = knobs;
    const settings::KnobInfo* knob = nullptr;
    while (knob == nullptr || !knob->live) knob = &table[random.below(table.size())];
    draw(changed, *knob, random);
  } while (!allowed(changed));
  return changed;
}

std::string describe(const settings::Knobs& knobs) {
  return settings::knobs_to_json(knobs).dump();
}

}  // namespace sketchscope::support
