#include <algorithm>

#include "gui/panels/panel_registry.hpp"
#include "gui/panels/panel_text.hpp"
#include "gui/panels/step_chart.hpp"
#include "gui/plot/value_format.hpp"
#include "gui/view/panel_data.hpp"

namespace sketchscope::panels {
namespace {

/// The whole run in one strip: evictions per step, knob changes and the shared step.
class TimelinePanel final : public Panel {
 public:
  std::string_view name() const override { return "timeline"; }
  std::string_view title() const override { return "Run"; }
  std::string_view help() const override {
    return "Evictions per step over all layers, with every knob change and note (M writes one). "
           "Moving over it shows that "
           "step in all panels; a click locks it, another follows the newest again. Dragging over "
           "it "
           "limits all step axes to that range, a double click shows the whole run again.";
  }
  std::string subtitle(const PanelContext&) const override {
    return "evictions per step, knob changes, notes";
  }

  std::string readout(const PanelContext& context) const override {
    if (context.selection.hover.step)
      return "step " + plot::count_text(*context.selection.hover.step);
    if (context.selection.locked_step) {
      return "locked at " + plot::count_text(*context.selection.locked_step) +
             " · C continues from here";
    }
    return "following";
  }

  view::DataTable data(const PanelContext& context) const override {
    return view::timeline_data(context.history, context.notes);
  }

  void draw(PanelContext& context) override {
    const view::History& history = context.history;
    if (history.empty()) {
      return draw_not_there(context, "No step yet", "Press play to generate, or step once");
    }
    const plot::Theme& theme = context.theme;
    // The axis is logarithmic, as pruning a prompt evicts hundreds at once and a step one per
    // layer.
    constexpr double kRoomForWords = 8;
    const double most = std::max(100.0, largest(history.evictions())) * kRoomForWords;
    plot::ChartOptions options = step_chart_options(context, {.minimum = 0.5,
                                                              .maximum = most,
                                                              .scale = plot::Scale::log10,
                                                              .format = plot::format_integer});
    // The axis always shows the whole run, as the other panels' range is chosen here.
    const auto steps = static_cast<std::int64_t>(history.size());
    options.x = plot::integer_axis(view::whole_run(steps).first, view::whole_run(steps).last);
    options.x.tick_labels = false;
    options.x.format = plot::format_step;
    options.x_label.clear();
    options.legend = plot::Legend::none;
    plot::Chart chart(context.canvas, context.overlay, theme, context.area, options);
    chart.bars({.name = "evictions",
                .x = history.steps(),
                .y = history.evictions(),
                .stroke = {theme.evicted_now.with_alpha(0.8)}},
               1);
    if (history.cap_reached() != view::LayerHistory::kNever) {
      chart.mark({static_cast<double>(history.cap_reached()), "cap reached", theme.quiet});
    }
    choose_range(context, chart);
    draw_range(context, chart);
    finish_step_chart(context, chart, StepChart::overview);
  }

 private:
  static void choose_range(PanelContext& context, const plot::Chart& chart) {
    const Pointer& pointer = context.pointer;
    view::StepWindow& window = context.selection.window;
    if (chart.hovered_x() && pointer.double_clicked) window.fit();
    if (!pointer.dragged_from || !pointer.at) return;
    if (!chart.plot().contains(*pointer.dragged_from)) return;
    const auto [first, last] =
        std::minmax({chart.x().value(pointer.dragged_from->x), chart.x().value(pointer.at->x)});
    window.show({first, last}, static_cast<std::int64_t>(context.history.size()));
  }

  /// Dims the steps outside the shared range.
  static void draw_range(PanelContext& context, const plot::Chart& chart) {
    if (context.selection.window.shows_all()) return;
    const view::StepRange range =
        context.selection.window.range(static_cast<std::int64_t>(context.history.size()));
    const plot::Rect& plot = chart.plot();
    const float first = std::clamp(chart.x().pixel(range.first), plot.left, plot.right);
    const float last = std::clamp(chart.x().pixel(range.last), plot.left, plot.right);
    const plot::Color dim = context.theme.card.with_alpha(0.7);
    context.canvas.fill({plot.left, plot.top, first, plot.bottom}, dim);
    context.canvas.fill({last, plot.top, plot.right, plot.bottom}, dim);
    context.canvas.rect({first, plot.top, last, plot.bottom},
                        {context.theme.accent.with_alpha(0.6)});
  }
};

}  // namespace

std::unique_ptr<Panel> make_timeline_panel() {
  return std::make_unique<TimelinePanel>();
}

}  // namespace sketchscope::panels
