#include "gui/panels/step_chart.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "gui/plot/theme.hpp"

namespace sketchscope::panels {
namespace {

/// The distance in pixels below which marks are merged.
constexpr float kMarksApart = 4;
/// The least height of a card with a legend, in text heights.
constexpr float kLegendFrom = 9;
/// The factor of the range by one notch of the wheel.
constexpr double kZoomPerNotch = 0.8;
/// The most powers of ten that a logarithmic axis shows.
constexpr double kMostDecades = 6;

/// Returns what `better` leaves of `start` and all values. Several are compared side by side, since
/// one comparison after the other would wait for the one before.
template <typename Better>
double best_of(std::span<const double> values, double start, Better better) {
  constexpr std::size_t kBeside = 8;
  std::array<double, kBeside> best;
  best.fill(start);
  std::size_t first = 0;
  for (; first + kBeside <= values.size(); first += kBeside) {
    for (std::size_t i = 0; i < kBeside; ++i) best[i] = better(values[first + i], best[i]);
  }
  for (std::size_t i = 0; first + i < values.size(); ++i) {
    best[i] = better(values[first + i], best[i]);
  }
  for (const double other : best) start = better(other, start);
  return start;
}

/// Handles wheel, drag and double click in the plot in which they began.
void move_window(PanelContext& context, const plot::Chart& chart) {
  const Pointer& pointer = context.pointer;
  const auto steps = static_cast<std::int64_t>(context.history.size());
  view::StepWindow& window = context.selection.window;
  const auto hovered = chart.hovered_x();
  if (hovered && pointer.wheel != 0) {
    window.zoom(*hovered, std::pow(kZoomPerNotch, pointer.wheel), steps);
  }
  if (hovered && pointer.double_clicked) window.fit();
  if (pointer.dragged_from && chart.plot().contains(*pointer.dragged_from)) {
    window.pan(chart.x().value(0) - chart.x().value(pointer.dragged_by.x), steps);
  }
}

}  // namespace

plot::ChartOptions step_chart_options(const PanelContext& context, const plot::AxisOptions& y,
                                      std::string_view y_label) {
  const auto steps = static_cast<std::int64_t>(context.history.size());
  plot::ChartOptions options;
  const view::StepRange range = context.selection.window.range(steps);
  options.x = plot::integer_axis(range.first, range.last);
  options.y = y;
  options.x_label = "step";
  options.pointer = context.pointer.at;
  const bool roomy = context.area.height() > kLegendFrom * context.theme.unit();
  options.legend = roomy ? plot::Legend::above : plot::Legend::none;
  if (roomy || context.print) options.y_label = y_label;
  const auto step = context.selection.step(steps);
  if (step && !context.print) options.cursor = static_cast<double>(*step);
  return options;
}

std::span<const double> shown_part(const PanelContext& context, const view::StepSeries& series) {
  const auto steps = static_cast<std::int64_t>(context.history.size());
  const view::StepRange range = context.selection.window.range(steps);
  const auto clamped = [&](double step) {
    if (!std::isfinite(step)) return std::size_t{0};
    return static_cast<std::size_t>(std::clamp(step, 0.0, static_cast<double>(series.size())));
  };
  const std::size_t first = clamped(std::floor(range.first));
  const std::size_t end = std::max(first, clamped(std::ceil(range.last) + 1));
  return std::span(series).subspan(first, end - first);
}

std::span<const double> shown_part(const PanelContext& context, const view::AlignedSeries& series) {
  const auto steps = static_cast<std::int64_t>(context.history.size());
  const view::StepRange range = context.selection.window.range(steps);
  const auto x = series.x.first(std::min(series.x.size(), series.y.size()));
  const auto first = std::ranges::lower_bound(x, std::floor(range.first)) - x.begin();
  const auto end = std::ranges::upper_bound(x, std::ceil(range.last)) - x.begin();
  return series.y.subspan(static_cast<std::size_t>(first),
                          static_cast<std::size_t>(std::max<std::ptrdiff_t>(end - first, 0)));
}

plot::AxisOptions divergence_axis(plot::Scale scale, double smallest, double largest) {
  if (scale == plot::Scale::linear || !(largest > 0)) return plot::axis_from_zero(largest);
  // The small summand leaves room above a largest value that is itself a power of ten.
  const double top = std::ceil(std::log10(largest) + 1e-9);
  const double bottom = std::clamp(std::floor(std::log10(smallest)), top - kMostDecades, top - 1);
  return {.minimum = std::pow(10.0, bottom),
          .maximum = std::pow(10.0, top),
          .scale = plot::Scale::log10,
          .format = plot::format_number};
}

void select_step(PanelContext& context, const plot::Chart& chart) {
  const auto x = chart.hovered_x();
  if (!x || context.history.empty()) return;
  const auto newest = static_cast<std::int64_t>(context.history.size()) - 1;
  const std::int64_t step = std::clamp<std::int64_t>(std::llround(*x), 0, newest);
  widgets::Selection& selection = context.selection;
  selection.next_hover.step = step;
  if (!context.pointer.clicked) return;
  const bool release = selection.locked_step.has_value();
  selection.locked_step = release ? std::nullopt : std::optional(step);
}

void finish_step_chart(PanelContext& context, plot::Chart& chart, StepChart kind) {
  const bool worded = kind == StepChart::overview || chart.hovered_x();
  const auto steps_apart =
      static_cast<std::int64_t>(chart.x().value(kMarksApart) - chart.x().value(0));
  std::vector<plot::EventMark> marks;
  for (const view::MarkGroup& group : view::grouped_marks(context.history.marks(), steps_apart)) {
    marks.push_back({static_cast<double>(group.step), group.text, context.theme.pending});
  }
  for (const run::StepNote& note : context.notes) {
    // A note at the step of a knob change shares its mark, which has room for one label.
    const auto there =
        std::ranges::find(marks, static_cast<double>(note.step), &plot::EventMark::at);
    if (there != marks.end()) {
      there->label += " · " + note.text;
    } else {
      marks.push_back({static_cast<double>(note.step), note.text, context.theme.text});
    }
  }
  std::ranges::stable_sort(marks, {}, &plot::EventMark::at);
  for (plot::EventMark& mark : marks) {
    if (!worded) mark.label.clear();
    chart.mark(mark);
  }
  select_step(context, chart);
  if (kind == StepChart::part) move_window(context, chart);
  chart.finish();
}

plot::Color layer_color(const plot::Theme& theme, std::size_t layer, std::size_t layers) {
  const double share =
      layers > 1 ? static_cast<double>(layer) / static_cast<double>(layers - 1) : 1;
  // The end of the colour map that is close to the card's colour is not used.
  return plot::viridis(theme.brightness() == plot::Brightness::dark ? 0.28 + 0.72 * share
                                                                    : 0.8 * share);
}

plot::Stroke layer_stroke(const plot::Theme& theme, std::size_t layer, std::size_t layers,
                          float width) {
  const bool dashed = theme.dashed_layers && layer % 2 == 1;
  return {layer_color(theme, layer, layers), width,
          dashed ? plot::Dash::dashed : plot::Dash::solid};
}

plot::Stroke run_stroke(const plot::Theme& theme, std::size_t place) {
  constexpr std::size_t kSecond = 1;  // the place of run B
  return {theme.runs.at(place), 1.5F, place == kSecond ? plot::Dash::dashed : plot::Dash::solid};
}

std::vector<OtherSeries> series_of_others(
    const PanelContext& context,
    const std::function<const view::StepSeries*(const view::History&)>& series_of) {
  std::vector<OtherSeries> others;
  const auto add = [&](std::size_t place, const view::History& history) {
    const view::StepSeries* series = series_of(history);
    if (series == nullptr) return;
    others.push_back({place, view::aligned(context.history, history, *series)});
  };
  if (context.runs == nullptr) {
    if (context.other != nullptr) add(1, *context.other);
    return others;
  }
  for (const view::SetRun& run : context.runs->runs) {
    if (run.place != 0 && context.runs->shows(run)) add(run.place, *run.history);
  }
  return others;
}

void draw_others(const PanelContext& context, plot::Chart& chart,
                 const std::vector<OtherSeries>& others, const std::string& suffix) {
  for (const OtherSeries& other : others) {
    chart.line({.name = view::run_letter(other.place) + suffix,
                .x = other.values.x,
                .y = other.values.y,
                .stroke = run_stroke(context.theme, other.place)});
  }
}

double largest(std::span<const double> values) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  return best_of(values, 0.0, [](double value, double most) {
    return (value > most) & (value < kInfinity) ? value : most;
  });
}

double smallest_positive(std::span<const double> values) {
  return best_of(values, std::numeric_limits<double>::infinity(), [](double value, double least) {
    // Both are compared always, which needs no branch.
    return (value > 0) & (value < least) ? value : least;
  });
}

bool has_values(std::span<const double> values) {
  return std::ranges::any_of(values, [](double value) { return std::isfinite(value); });
}

}  // namespace sketchscope::panels
