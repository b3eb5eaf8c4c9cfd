#pragma once

#include <span>
#include <string>
#include <vector>

#include "engine/settings/knobs.hpp"

namespace sketchscope::view {

/// Named values of all knobs of cache and sketch. Knobs of sampling and branching are not affected.
struct Preset {
  std::string name;
  std::string help;
  settings::Knobs knobs;

  friend bool operator==(const Preset&, const Preset&) = default;
};

/// Returns the presets of the program, the default first.
std::span<const Preset> built_in_presets();

/// Returns `knobs` with the cache and sketch knobs of a preset.
settings::Knobs with_preset(const settings::Knobs& knobs, const Preset& preset);

/// Returns the last of `presets` that `knobs` equal; null if there is none.
const Preset* preset_of(const settings::Knobs& knobs, std::span<const Preset> presets);

/// Adds a preset, or replaces the one of that name. Throws UsageError if the name is empty or that
/// of a built-in preset.
void keep_preset(std::vector<Preset>& presets, const std::string& name,
                 const settings::Knobs& knobs);

}  // namespace sketchscope::view
