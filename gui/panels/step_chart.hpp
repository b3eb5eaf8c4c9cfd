#pragma once

#include "gui/panels/panel.hpp"
#include "gui/plot/chart.hpp"

namespace sketchscope {

/// Options of a chart over the run's steps: the range that all of them share, the shared cursor,
/// the mouse, a legend where there is room for one.
ChartOptions step_chart_options(const PanelContext& context, const AxisOptions& y);

/// The part of a series (index i is step i) that the shared range shows.
std::span<const double> shown_part(const PanelContext& context, const StepSeries& series);

/// From zero to `largest`, or the decades from `smallest` up to it on a logarithmic scale.
AxisOptions divergence_axis(Scale scale, double smallest, double largest);

/// What a chart over steps is for: a part of the run, whose marks carry their words while the mouse
/// is there; or the whole run, whose marks always do and which the mouse does not zoom.
enum class StepChart : std::uint8_t { part, overview };

/// What every chart over steps has: a mark for each knob change and each note; hover and click move
/// the shared step cursor, the wheel zooms the shared range, dragging pans it, a double click shows
/// all. Calls finish().
void finish_step_chart(PanelContext& context, Chart& chart, StepChart kind = StepChart::part);

/// Follows the mouse within the steps of a chart without finishing it.
void select_step(PanelContext& context, const Chart& chart);

/// Layers are ordered, so their colours are too.
Color layer_color(const Theme& theme, std::size_t layer, std::size_t layers);

/// How the run that this one is compared with is drawn.
Stroke other_stroke(const Theme& theme);

/// The largest finite value; 0 if there is none.
double largest(std::span<const double> values);
/// The smallest finite value above 0; infinite if there is none.
double smallest_positive(std::span<const double> values);
/// Whether anything was measured.
bool has_values(std::span<const double> values);

}  // namespace sketchscope
