#include <array>
#include <cmath>
#include <span>
#include <utility>
#include <vector>

#include "gui/panels/panel_registry.hpp"
#include "gui/panels/panel_text.hpp"
#include "gui/panels/part_legend.hpp"
#include "gui/panels/step_chart.hpp"
#include "gui/plot/readout.hpp"
#include "gui/plot/value_format.hpp"
#include "gui/view/step_costs.hpp"

namespace sketchscope::panels {
namespace {

constexpr std::int64_t kMedianOver = 50;  // steps

const std::array<plot::Color, view::kTimeParts.size()>& part_colors(const plot::Theme& theme) {
  return theme.parts;
}

/// Returns the number of parts shown; a run from a file has no publish times.
std::size_t shown_parts(const PanelContext& context) {
  return context.state.publish_ms ? view::kTimeParts.size() : view::kTimeParts.size() - 1;
}

std::array<double, view::kTimeParts.size()> parts_of(const PanelContext& context,
                                                     const record::StepRecord& record) {
  return view::time_parts(record.times,
                          run::publish_ms_after(context.state, record.step).value_or(0));
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
    const record::StepRecord* record = context.shown();
    if (!record) return std::string(plot::kAbsent);
    const auto speed = view::tokens_per_second(context.history, record->step, kMedianOver);
    return speed ? plot::count_text(std::llround(*speed)) + " tok/s" : std::string(plot::kAbsent);
  }

  view::DataTable data(const PanelContext& context) const override {
    return view::times_data(context.history, context.state);
  }

  void draw(PanelContext& context) override {
    const view::History& history = context.history;
    if (history.empty()) {
      return draw_not_there(context, "No step yet", "Press play: every step is timed");
    }
    const auto& publish_ms = context.state.publish_ms;
    stacked_.update(history, publish_ms ? std::span(*publish_ms) : std::span<const double>());
    const std::size_t parts = shown_parts(context);
    const double top = view::usual_maximum(shown_part(context, stacked_.up_to(parts - 1))) * 1.25;
    plot::ChartOptions options = step_chart_options(context, plot::axis_from_zero(top));
    if (context.print) options.y_label = "ms a step";
    options.readout = plot::HoverReadout::none;
    // The chart's own legend would show cumulative sums instead of parts.
    plot::Rect area = context.area;
    const bool roomy = std::exchange(options.legend, plot::Legend::none) == plot::Legend::above;
    if (roomy) {
      const auto times = parts_of(context, *context.shown());
      std::vector<LegendPart> entries;
      for (std::size_t part = 0; part < parts; ++part) {
        entries.push_back({view::kTimeParts[part], plot::fixed_text(times[part], 2),
                           part_colors(context.theme)[part]});
      }
      area.top = draw_part_legend(context, entries);
    }
    plot::Chart chart(context.canvas, context.overlay, context.theme, area, options);
    const auto& colors = part_colors(context.theme);
    {
      const plot::Clip clip(context.canvas, chart.plot());
      for (std::size_t part = parts; part-- > 0;) {
        chart.area({.name = std::string(view::kTimeParts[part]),
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
  static void draw_values(PanelContext& context, double step) {
    const record::StepRecord* record = context.history.at(std::llround(step));
    if (!record) return;
    const auto& colors = part_colors(context.theme);
    const auto times = parts_of(context, *record);
    const auto parts = std::span(times).first(shown_parts(context));
    std::vector<plot::ReadoutLine> lines = {{"step " + plot::count_text(record->step),
                                             plot::format_milliseconds(record->times.total_ms),
                                             {}}};
    for (std::size_t part = parts.size(); part-- > 0;) {
      lines.push_back({std::string(view::kTimeParts[part]), plot::format_milliseconds(parts[part]),
                       colors[part]});
    }
    plot::draw_readout(context.overlay, context.theme, *context.pointer.at,
                       {context.area.left, context.area.top, context.area.right, 1e6F}, lines);
  }

  view::StackedTimes stacked_;
};

}  // namespace

std::unique_ptr<Panel> make_throughput_panel() {
  return std::make_unique<ThroughputPanel>();
}

}  // namespace sketchscope::panels
