#pragma once

#include "gui/panels/panel.hpp"

namespace sketchscope {

/// Draws a list of presets that shows the present one; a choice sets all knobs of cache and sketch
/// at once. Returns the lower end.
float draw_preset_row(PanelContext& context, float top, float tallest);

}  // namespace sketchscope
