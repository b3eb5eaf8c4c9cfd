#pragma once

#include "gui/driver/driven_window.hpp"
#include "gui/driver/values.hpp"

namespace sketchscope::driver {

/// Adds what is known of the step shown taken apart: "step.ms", "step.threads", and of each of its
/// operations such as "step.attention.ms", with ".calls", ".bytes", ".multiply_adds" and
/// ".bound_share". Words of a name are joined by "_". Without a trace of the step there is only an
/// absent "step.ms".
void add_step_values(Values& values, const WindowFacts& facts);

}  // namespace sketchscope::driver
