#pragma once

#include "gui/plot/theme.hpp"

namespace sketchscope {

/// Dresses ImGui's widgets in the theme.
void apply_style(const Theme& theme);

}  // namespace sketchscope
