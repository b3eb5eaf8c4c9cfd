#pragma once

#include <string>

#include "engine/core/random.hpp"
#include "engine/settings/knobs.hpp"

namespace sketchscope::support {

/// Knobs drawn from the table: every live choice and small numbers that make a short run evict.
Knobs random_knobs(SplitMix64& random);

/// `knobs` with one live knob drawn anew.
Knobs with_one_change(const Knobs& knobs, SplitMix64& random);

/// Every knob on one line, for a failing test's message.
std::string describe(const Knobs& knobs);

}  // namespace sketchscope::support
