#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "gui/panels/panel.hpp"
#include "gui/plot/chart.hpp"

namespace sketchscope::panels {

/// Returns the options of a chart over steps: the range and the cursor that all panels share
/// (widgets::Selection), the mouse and, if the card is high enough, a legend with the label of the
/// vertical axis, such as "KL, nats".
plot::ChartOptions step_chart_options(const PanelContext& context, const plot::AxisOptions& y,
                                      std::string_view y_label = {});

/// Returns the part of a series, whose index i is step i, in the shared range of steps.
std::span<const double> shown_part(const PanelContext& context, const view::StepSeries& series);

/// Returns the part of an aligned series in the shared range of steps.
std::span<const double> shown_part(const PanelContext& context, const view::AlignedSeries& series);

/// Returns an axis of divergences from zero to `largest`, or on a logarithmic scale from the power
/// of ten below `smallest` to the one above `largest`, six decades at most.
plot::AxisOptions divergence_axis(plot::Scale scale, double smallest, double largest);

/// The kind of a chart over steps: a part of the run, whose marks are labelled under the mouse, or
/// an overview of the whole run, whose marks are always labelled and which does not zoom.
enum class StepChart : std::uint8_t { part, overview };

/// Adds what all charts over steps have: marks of knob changes and notes; hover and click set the
/// shared cursor, the wheel zooms the shared range, a drag pans it, a double click shows all. Calls
/// finish().
void finish_step_chart(PanelContext& context, plot::Chart& chart, StepChart kind = StepChart::part);

/// Sets the shared cursor by the mouse: hovering points at a step, a click locks it or frees it
/// again. Does not finish the chart.
void select_step(PanelContext& context, const plot::Chart& chart);

/// Returns the colour of layer `layer` of `layers` on a sequential colour map.
plot::Color layer_color(const plot::Theme& theme, std::size_t layer, std::size_t layers);

/// Returns the stroke of a layer's curve, with a `width` as plot::Stroke has it.
plot::Stroke layer_stroke(const plot::Theme& theme, std::size_t layer, std::size_t layers,
                          float width);

/// Returns the stroke of the curve of the run at `place` (view::SetRun), 0 for A, the run in front.
/// That of B, which two-sided views show, is dashed.
plot::Stroke run_stroke(const plot::Theme& theme, std::size_t place);

/// A series of a run other than A, by the steps of A that ended at the same positions.
struct OtherSeries {
  std::size_t place = 0;  ///< of its run (view::SetRun)
  view::AlignedSeries values;
};
/// Returns a series of every run other than A that is not hidden. `series_of` returns null where a
/// run has none.
std::vector<OtherSeries> series_of_others(
    const PanelContext& context,
    const std::function<const view::StepSeries*(const view::History&)>& series_of);
/// Draws the series as lines that the legend names by the letters of their runs and `suffix`.
void draw_others(const PanelContext& context, plot::Chart& chart,
                 const std::vector<OtherSeries>& others, const std::string& suffix = {});

/// Returns the largest finite value; 0 if there is none.
double largest(std::span<const double> values);
/// Returns the smallest finite positive value; infinity if there is none.
double smallest_positive(std::span<const double> values);
/// Returns whether any value was measured, which is to say that it is finite.
bool has_values(std::span<const double> values);

}  // namespace sketchscope::panels
