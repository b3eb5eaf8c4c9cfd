#pragma once

#include "gui/panels/panel.hpp"
#include "gui/plot/raster.hpp"
#include "gui/view/occupancy.hpp"

namespace sketchscope::panels {

/// Return the colours of all statuses, or that of one, in a theme.
view::StatusColors status_colors(const plot::Theme& theme);
plot::Color status_color(const plot::Theme& theme, view::SlotStatus status);

/// Returns the height of a legend of the statuses that begins at `left` and ends with the area: one
/// line, or for print as many as it takes.
float status_legend_height(const PanelContext& context, float left);
/// Draws that legend with its last line at `bottom`. On the screen, names that do not fit are left
/// out.
void draw_status_legend(PanelContext& context, float left, float bottom);

/// Draws a readout next to the mouse: the position, its status in the layer, and its scores if
/// known.
void draw_slot_readout(PanelContext& context, const view::Occupancy& occupancy, plot::Cell cell);

/// Returns how many positions an axis of all of them spans: those of the whole run, so that it
/// stays as it is under the mouse on an earlier step.
int position_span(const PanelContext& context);
/// Returns the range of positions that is shown, as the end of a subtitle; empty if all are.
std::string zoomed_words(const PanelContext& context);
/// Zooms and moves the shared range of positions by the mouse over `raster`, which shows it: the
/// wheel zooms around the mouse, a drag moves, a double click shows all.
void move_positions(PanelContext& context, const plot::Rect& raster, int span);

/// Draws ticks of positions below a raster, and for print what they are.
void draw_position_axis(PanelContext& context, view::PositionRange shown, const plot::Rect& raster);
/// Draws the shared position as a line across the raster, and those that share a hovered counter,
/// where they are among those shown.
void draw_position_cursor(PanelContext& context, view::PositionRange shown,
                          const plot::Rect& raster);

}  // namespace sketchscope::panels
