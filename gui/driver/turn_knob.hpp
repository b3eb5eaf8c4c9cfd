#pragma once

#include <string>

#include "engine/settings/knobs.hpp"

namespace sketchscope {

/// Returns the value of the `count`-th `turn` of a knob. The values differ, are spread over its
/// range or choices, and do not contradict the other knobs.
std::string turned_value(const Knobs& knobs, const KnobInfo& knob, int count);

}  // namespace sketchscope
