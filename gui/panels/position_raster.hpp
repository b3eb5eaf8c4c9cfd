#pragma once

#include "gui/panels/panel.hpp"
#include "gui/plot/raster.hpp"
#include "gui/view/occupancy.hpp"

namespace sketchscope::panels {

view::StatusColors status_colors(const plot::Theme& theme);
plot::Color status_color(const plot::Theme& theme, view::SlotStatus status);

/// Draws a legend of the statuses in one line that ends at `bottom`.
void draw_status_legend(PanelContext& context, float left, float bottom);

/// Draws a readout next to the mouse: the position, its status in the layer, and its scores if
/// known.
void draw_slot_readout(PanelContext& context, const view::Occupancy& occupancy, plot::Cell cell);

/// Draws ticks of positions [0, span) below a raster.
void draw_position_axis(PanelContext& context, int span, const plot::Rect& raster);
/// Draws the shared position as a line across the raster.
void draw_position_cursor(PanelContext& context, int span, const plot::Rect& raster);

}  // namespace sketchscope::panels
