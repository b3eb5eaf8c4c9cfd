#pragma once

#include <string>

#include "engine/core/random.hpp"
#include "engine/settings/knobs.hpp"

namespace sketchscope::support {

/// Draws knobs from the table: every live choice, and numbers so small that a short run evicts.
settings::Knobs random_knobs(core::SplitMix64& random);

/// Returns `knobs` with one live knob redrawn.
settings::Knobs with_one_change(const settings::Knobs& knobs, core::SplitMix64& random);

/// Returns every knob on one line, for failure messages.
std::string describe(const settings::Knobs& knobs);

}  // namespace sketchscope::support
