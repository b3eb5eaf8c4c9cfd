#include "gui/panels/panel_text.hpp"
#include "gui/panels/panels.hpp"
#include "gui/panels/step_chart.hpp"
#include "gui/view/quantity.hpp"

namespace sketchscope {
namespace {

/// The whole run in one strip: evictions per step, knob changes, the step that all panels show.
class TimelinePanel final : public Panel {
 public:
  std::string_view name() const override { return "timeline"; }
  std::string_view title() const override { return "Run"; }
  std::string_view help() const override {
    return "Evictions per step over all layers, with every knob change. Moving over it shows that "
           "step in all panels; a click locks it, another follows the newest again.";
  }
  std::string subtitle(const PanelContext&) const override {
    return "evictions per step, knob changes";
  }

  std::string readout(const PanelContext& context) const override {
    if (context.selection.hover.step) return "step " + count_text(*context.selection.hover.step);
    if (context.selection.locked_step) {
      return "locked at " + count_text(*context.selection.locked_step);
    }
    return "following";
  }

  void draw(PanelContext& context) override {
    const History& history = context.history;
    if (history.empty()) {
      return draw_empty_state(context, "No step yet", "Press play to generate, or step once");
    }
    const Theme& theme = context.theme;
    // A prompt that is cut evicts hundreds at once, a step one a layer: logarithms show both.
    constexpr double kRoomForWords = 8;
    const double most = std::max(100.0, largest(history.evictions())) * kRoomForWords;
    ChartOptions options = step_chart_options(context, {.minimum = 0.5,
                                                        .maximum = most,
                                                        .scale = Scale::log10,
                                                        .tick_labels = false,
                                                        .format = format_integer});
    options.x.tick_labels = false;
    options.x_label.clear();
    Chart chart(context.canvas, context.overlay, theme, context.area, options);
    chart.bars({.name = "evictions",
                .x = history.steps(),
                .y = history.evictions(),
                .stroke = {theme.evicted_now.with_alpha(0.8)}},
               1);
    if (history.cap_reached() != LayerHistory::kNever) {
      chart.mark({static_cast<double>(history.cap_reached()), "cap reached", theme.quiet});
    }
    finish_step_chart(context, chart, MarkWords::always);
  }
};

}  // namespace

std::unique_ptr<Panel> make_timeline_panel() {
  return std::make_unique<TimelinePanel>();
}

}  // namespace sketchscope
