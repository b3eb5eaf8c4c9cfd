#pragma once

#include "gui/panels/panel.hpp"
#include "gui/plot/raster.hpp"
#include "gui/view/occupancy.hpp"

namespace sketchscope {

/// Returns the colours of the statuses.
StatusColors status_colors(const Theme& theme);

/// Draws a legend of the statuses in one line that ends at `bottom`.
void draw_status_legend(PanelContext& context, float left, float bottom);

/// Draws a readout next to the mouse: the position, its status in the layer, and its scores if
/// known.
void draw_slot_readout(PanelContext& context, const Occupancy& occupancy, Cell cell);

}  // namespace sketchscope
