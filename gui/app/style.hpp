#pragma once

#include "gui/plot/theme.hpp"

namespace sketchscope {

/// Applies the theme to ImGui's widgets.
void apply_style(const Theme& theme);

}  // namespace sketchscope
