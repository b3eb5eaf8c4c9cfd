#pragma once

#include <string>

#include "engine/core/random.hpp"
#include "engine/settings/knobs.hpp"

namespace sketchscope::support {

/// Draws knobs from the table: every live choice, and numbers so small that a short run evicts.
Knobs random_knobs(SplitMix64& random);

/// Returns `knobs` with one live knob redrawn.
Knobs with_one_change(const Knobs& knobs, SplitMix64& random);

/// Returns every knob on one line, for failure messages.
std::string describe(const Knobs& knobs);

}  // namespace sketchscope::support
