#pragma once

#include "gui/panels/panel.hpp"
#include "gui/plot/chart.hpp"

namespace sketchscope {

/// Options of a chart over the run's steps: their axis, the shared cursor, the mouse.
ChartOptions step_chart_options(const PanelContext& context, const AxisOptions& y);

/// Whether knob-change marks carry their words always, or while the mouse is in the chart.
enum class MarkWords : std::uint8_t { when_hovered, always };

/// What every chart over steps has: a mark for each knob change, hover and click that move the
/// shared step cursor. Calls finish().
void finish_step_chart(PanelContext& context, Chart& chart,
                       MarkWords words = MarkWords::when_hovered);

/// Follows the mouse within the steps of a chart without finishing it.
void select_step(PanelContext& context, const Chart& chart);

/// The largest finite value; 0 if there is none.
double largest(std::span<const double> values);
/// Whether anything was measured.
bool has_values(std::span<const double> values);

}  // namespace sketchscope
