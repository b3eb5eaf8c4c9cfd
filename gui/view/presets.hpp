#pragma once

#include <span>
#include <string>
#include <vector>

#include "engine/settings/knobs.hpp"

namespace sketchscope {

/// A cache and a sketch under a name; sampling and branching are left as they are.
struct Preset {
  std::string name;
  std::string help;
  Knobs knobs;

  friend bool operator==(const Preset&, const Preset&) = default;
};

/// Those that the program comes with, the plain form first.
std::span<const Preset> built_in_presets();

/// `knobs` with the cache and the sketch of a preset.
Knobs with_preset(const Knobs& knobs, const Preset& preset);

/// The latest of `presets` that `knobs` already are; null where they are none.
const Preset* preset_of(const Knobs& knobs, std::span<const Preset> presets);

/// Adds a preset of these knobs, in place of one of that name. Throws UsageError on an empty name
/// or one of the program's own.
void keep_preset(std::vector<Preset>& presets, const std::string& name, const Knobs& knobs);

}  // namespace sketchscope
