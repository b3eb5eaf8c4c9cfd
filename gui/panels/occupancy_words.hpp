#pragma once

#include "gui/panels/panel.hpp"
#include "gui/plot/raster.hpp"
#include "gui/view/occupancy.hpp"

namespace sketchscope {

/// What each status is painted with.
StatusColors status_colors(const Theme& theme);

/// The statuses with their colours, in one line that ends at `bottom`.
void draw_status_legend(PanelContext& context, float left, float bottom);

/// Beside the mouse: the position, what became of it in that layer, its scores if they are known.
void draw_slot_readout(PanelContext& context, const Occupancy& occupancy, Cell cell);

}  // namespace sketchscope
