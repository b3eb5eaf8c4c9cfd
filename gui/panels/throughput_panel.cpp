#include <array>
#include <cmath>
#include <span>
#include <utility>
#include <vector>

#include "gui/panels/panel_registry.hpp"
#include "gui/panels/panel_text.hpp"
#include "gui/panels/step_chart.hpp"
#include "gui/plot/readout.hpp"
#include "gui/plot/value_format.hpp"
#include "gui/view/step_costs.hpp"

namespace sketchscope {
namespace {

constexpr std::int64_t kMedianOver = 50;  // steps

std::array<Color, kTimeParts.size()> part_colors(const Theme& theme) {
  return {theme.kept,          theme.recent, theme.sink,
          theme.categories[3], theme.faint,  theme.categories[4]};
}

/// Returns the number of parts shown; a run from a file has no publish times.
std::size_t shown_parts(const PanelContext& context) {
  return context.state.publish_ms ? kTimeParts.size() : kTimeParts.size() - 1;
}

std::array<double, kTimeParts.size()> parts_of(const PanelContext& context,
                                               const StepRecord& record) {
  return time_parts(record.times, publish_ms_after(context.state, record.step).value_or(0));
}

/// The time of each step by part, stacked.
class ThroughputPanel final : public Panel {
 public:
  std::string_view name() const override { return "throughput"; }
  std::string_view title() const override { return "Throughput"; }
  std::string_view help() const override {
    return "Milliseconds of each step, all lanes together, from below: the model outside "
           "attention, "
           "attention, policy and sketch, audit, records; above them, what describing the run for "
           "this window took after the step. A step slower than the axis is cut off. "
           "A click locks the step.";
  }
  std::string subtitle(const PanelContext&) const override { return "ms a step"; }

  std::string readout(const PanelContext& context) const override {
    const StepRecord* record = context.shown();
    if (!record) return std::string(kAbsent);
    const auto speed = tokens_per_second(context.history, record->step, kMedianOver);
    return speed ? count_text(std::llround(*speed)) + " tok/s" : std::string(kAbsent);
  }

  DataTable data(const PanelContext& context) const override {
    return times_data(context.history, context.state);
  }

  void draw(PanelContext& context) override {
    const History& history = context.history;
    if (history.empty()) {
      return draw_empty_state(context, "No step yet", "Press play: every step is timed");
    }
    const auto& publish_ms = context.state.publish_ms;
    stacked_.update(history, publish_ms ? std::span(*publish_ms) : std::span<const double>());
    const std::size_t parts = shown_parts(context);
    const double top = usual_maximum(shown_part(context, stacked_.up_to(parts - 1))) * 1.25;
    ChartOptions options = step_chart_options(context, axis_from_zero(top));
    options.readout = HoverReadout::none;
    // The chart's own legend would show cumulative sums instead of parts.
    Rect area = context.area;
    const bool roomy = std::exchange(options.legend, Legend::none) == Legend::above;
    if (roomy) area.top = draw_legend(context);
    Chart chart(context.canvas, context.overlay, context.theme, area, options);
    const auto colors = part_colors(context.theme);
    {
      const Clip clip(context.canvas, chart.plot());
      for (std::size_t part = parts; part-- > 0;) {
        chart.area({.name = std::string(kTimeParts[part]),
                    .x = history.steps(),
                    .y = stacked_.up_to(part),
                    .stroke = {colors[part], 1}},
                   colors[part]);
      }
    }
    const auto hovered = chart.hovered_x();
    finish_step_chart(context, chart);
    if (hovered) draw_values(context, *hovered);
  }

 private:
  /// Draws the time of each part in the step shown. Returns the lower end.
  static float draw_legend(PanelContext& context) {
    const Theme& theme = context.theme;
    const Rect& area = context.area;
    const auto colors = part_colors(theme);
    const auto times = parts_of(context, *context.shown());
    const auto parts = std::span(times).first(shown_parts(context));
    TextStyle name = label_style(theme);
    name.size = TextSize::small;
    const TextStyle value = small_value_style(theme, Align::left);
    const float side = theme.small_text * 0.7F;
    const auto width = [&](std::size_t part, bool with_value) {
      const float words = side * 1.5F + context.canvas.measure(kTimeParts[part], name).width;
      const float number = context.canvas.measure(fixed_text(parts[part], 2), value).width;
      return words + (with_value ? side * 0.7F + number : 0);
    };
    float needed = side * 1.8F * static_cast<float>(parts.size() - 1);
    for (std::size_t part = 0; part < parts.size(); ++part) needed += width(part, true);
    // If not everything fits, values are dropped before names.
    const bool with_values = needed <= area.width();
    float left = area.left;
    for (std::size_t part = 0; part < parts.size(); ++part) {
      const float right = left + width(part, with_values);
      if (right > area.right) break;
      const float top = area.top + theme.small_text * 0.25F;
      context.canvas.fill({left, top, left + side, top + side}, colors[part], 2);
      context.canvas.text({left + side * 1.5F, area.top}, kTimeParts[part], name);
      if (with_values) {
        TextStyle number = value;
        number.align = Align::right;
        context.canvas.text({right, area.top}, fixed_text(parts[part], 2), number);
      }
      left = right + side * 1.8F;
    }
    return area.top + theme.small_text * 1.5F;
  }

  static void draw_values(PanelContext& context, double step) {
    const StepRecord* record = context.history.at(std::llround(step));
    if (!record) return;
    const auto colors = part_colors(context.theme);
    const auto times = parts_of(context, *record);
    const auto parts = std::span(times).first(shown_parts(context));
    std::vector<ReadoutLine> lines = {
        {"step " + count_text(record->step), format_milliseconds(record->times.total_ms), {}}};
    for (std::size_t part = parts.size(); part-- > 0;) {
      lines.push_back(
          {std::string(kTimeParts[part]), format_milliseconds(parts[part]), colors[part]});
    }
    draw_readout(context.overlay, context.theme, *context.pointer.at,
                 {context.area.left, context.area.top, context.area.right, 1e6F}, lines);
  }

  StackedTimes stacked_;
};

}  // namespace

std::unique_ptr<Panel> make_throughput_panel() {
  return std::make_unique<ThroughputPanel>();
}

}  // namespace sketchscope
