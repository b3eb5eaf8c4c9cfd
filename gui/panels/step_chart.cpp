#include "gui/panels/step_chart.hpp"

#include <algorithm>
#include <cmath>

namespace sketchscope {
namespace {

/// A young run does not fill the axis, so that its first steps do not jump about.
constexpr double kFewestSteps = 64;
/// Marks closer than this many pixels are drawn as one.
constexpr float kMarksApart = 4;

}  // namespace

ChartOptions step_chart_options(const PanelContext& context, const AxisOptions& y) {
  const auto steps = static_cast<std::int64_t>(context.history.size());
  ChartOptions options;
  options.x = {.minimum = 0,
               .maximum = std::max(kFewestSteps, static_cast<double>(steps - 1)),
               .integer = true,
               .format = format_integer};
  options.y = y;
  options.x_label = "step";
  options.pointer = context.pointer.at;
  if (const auto step = context.selection.step(steps)) options.cursor = static_cast<double>(*step);
  return options;
}

void select_step(PanelContext& context, const Chart& chart) {
  const auto x = chart.hovered_x();
  if (!x || context.history.empty()) return;
  const auto newest = static_cast<std::int64_t>(context.history.size()) - 1;
  const std::int64_t step = std::clamp<std::int64_t>(std::llround(*x), 0, newest);
  Selection& selection = context.selection;
  selection.next_hover.step = step;
  if (!context.pointer.clicked) return;
  const bool release = selection.locked_step.has_value();
  selection.locked_step = release ? std::nullopt : std::optional(step);
}

void finish_step_chart(PanelContext& context, Chart& chart, MarkWords words) {
  const bool worded = words == MarkWords::always || chart.hovered_x();
  const auto steps_apart =
      static_cast<std::int64_t>(chart.x().value(kMarksApart) - chart.x().value(0));
  for (const MarkGroup& group : grouped_marks(context.history.marks(), steps_apart)) {
    chart.mark({static_cast<double>(group.step), worded ? group.text : std::string(),
                context.theme.pending});
  }
  select_step(context, chart);
  chart.finish();
}

double largest(std::span<const double> values) {
  double most = 0;
  for (const double value : values) {
    if (std::isfinite(value)) most = std::max(most, value);
  }
  return most;
}

bool has_values(std::span<const double> values) {
  return std::ranges::any_of(values, [](double value) { return std::isfinite(value); });
}

}  // namespace sketchscope
