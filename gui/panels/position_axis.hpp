#pragma once

#include "gui/panels/panel.hpp"

namespace sketchscope {

/// Ticks of the positions [0, span) below a raster of them.
void draw_position_axis(PanelContext& context, int span, const Rect& raster);
/// The position that all panels show, as a line across the raster.
void draw_position_cursor(PanelContext& context, int span, const Rect& raster);

}  // namespace sketchscope
