#pragma once

#include <cstdint>

#include "engine/settings/knobs.hpp"
#include "gui/view/history.hpp"

namespace sketchscope {

/// Returns the knobs that were in force at `step`: the present ones with later changes undone.
Knobs knobs_at(const History& history, const Knobs& applied, std::int64_t step);

}  // namespace sketchscope
