#pragma once

#include <cstdint>

#include "engine/settings/knobs.hpp"
#include "gui/view/history.hpp"

namespace sketchscope {

/// The knobs that were in force at `step`: those in force now, with later changes taken back.
Knobs knobs_at(const History& history, const Knobs& applied, std::int64_t step);

}  // namespace sketchscope
