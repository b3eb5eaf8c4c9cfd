#pragma once

#include "gui/panels/panel.hpp"

namespace sketchscope {

/// The preset that the knobs are, in a list of all; picking one turns all knobs of cache and sketch
/// at once. Returns where the row ends.
float draw_preset_row(PanelContext& context, float top, float tallest);

}  // namespace sketchscope
