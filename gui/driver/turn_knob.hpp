#pragma once

#include <string>

#include "engine/settings/knobs.hpp"

namespace sketchscope {

/// The value that the `count`-th turn of a knob sets: each turn another, spread over the whole of
/// its range (or over its choices), and never one that contradicts the other knobs.
std::string turned_value(const Knobs& knobs, const KnobInfo& knob, int count);

}  // namespace sketchscope
