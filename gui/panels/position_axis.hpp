#pragma once

#include "gui/panels/panel.hpp"

namespace sketchscope {

/// Draws ticks of positions [0, span) below a raster.
void draw_position_axis(PanelContext& context, int span, const Rect& raster);
/// Draws the shared position as a line across the raster.
void draw_position_cursor(PanelContext& context, int span, const Rect& raster);

}  // namespace sketchscope
