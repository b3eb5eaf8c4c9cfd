#include <array>
#include <cmath>
#include <vector>

#include "gui/panels/panel_text.hpp"
#include "gui/panels/panels.hpp"
#include "gui/panels/step_chart.hpp"
#include "gui/plot/readout.hpp"
#include "gui/view/memory_stack.hpp"
#include "gui/view/panel_data.hpp"
#include "gui/view/quantity.hpp"

namespace sketchscope {
namespace {

/// The bytes of the lane's cache over steps, stacked by category, with the full cache's.
class MemoryPanel final : public Panel {
 public:
  std::string_view name() const override { return "memory"; }
  std::string_view title() const override { return "Memory"; }
  std::string_view help() const override {
    return "Bytes of this lane over the steps: stored keys and values, the sketch and exact "
           "statistics on top, a dot at the peak; dashed, what the full cache would hold. A click "
           "locks the step.";
  }
  std::string subtitle(const PanelContext&) const override { return "cache of the lane, by step"; }

  std::string readout(const PanelContext& context) const override {
    const StepRecord* record = context.shown();
    if (!record) return std::string(kAbsent);
    return "peak " + bytes_text(memory_peak(context.history, record->step).bytes);
  }

  DataTable data(const PanelContext& context) const override {
    return memory_data(context.history);
  }

  void draw(PanelContext& context) override {
    const History& history = context.history;
    if (history.empty()) {
      return draw_empty_state(context, "No step yet", "Press play: counted every step");
    }
    const Theme& theme = context.theme;
    const StepSeries& stored = history.series<&MemoryLedger::kv_stored>();
    const StepSeries& full = history.series<&MemoryLedger::kv_full>();
    double top = std::max(largest(shown_part(context, full)),
                          largest(shown_part(context, history.policy_bytes())));
    if (context.other) {
      top = std::max(
          top, largest(shown_part(context, context.other->series<&MemoryLedger::kv_stored>())));
    }
    ChartOptions options = step_chart_options(context, bytes_axis(top));
    options.readout = HoverReadout::none;
    Chart chart(context.canvas, context.overlay, theme, context.area, options);
    chart.area({.name = "with sketch",
                .x = history.steps(),
                .y = history.policy_bytes(),
                .stroke = {theme.sink, 1}},
               theme.sink.with_alpha(0.55));
    chart.area({.name = "KV", .x = history.steps(), .y = stored, .stroke = {theme.kept, 1}},
               theme.kept);
    chart.line({.name = "full cache",
                .x = history.steps(),
                .y = full,
                .stroke = {theme.quiet, 1, Dash::dashed}});
    if (context.other) {
      chart.line({.name = "B's KV",
                  .x = context.other->steps(),
                  .y = context.other->series<&MemoryLedger::kv_stored>(),
                  .stroke = other_stroke(theme)});
    }
    const MemoryPeak peak = memory_peak(history, static_cast<std::int64_t>(history.size()) - 1);
    context.canvas.fill_circle(
        {chart.x().pixel(static_cast<double>(peak.step)), chart.y().pixel(peak.bytes)},
        theme.unit() * 0.22F, theme.text);
    label_full_cache(context, chart);
    const auto hovered = chart.hovered_x();
    finish_step_chart(context, chart);
    if (hovered) draw_values(context, *hovered);
  }

 private:
  /// Draws the label of the full cache above its rising line.
  static void label_full_cache(PanelContext& context, const Chart& chart) {
    const std::size_t step = context.history.size() / 2;
    const double there = context.history.series<&MemoryLedger::kv_full>()[step];
    const Point at{chart.x().pixel(static_cast<double>(step)), chart.y().pixel(there)};
    const float away = context.theme.unit() * 0.4F;
    if (at.x - chart.plot().left < context.theme.unit() * 6) return;
    context.canvas.text({at.x - away, at.y - away}, "full cache",
                        {.color = context.theme.quiet,
                         .size = TextSize::small,
                         .align = Align::right,
                         .vertical = VerticalAlign::bottom});
  }

  static void draw_values(PanelContext& context, double step) {
    const StepRecord* record = context.history.at(std::llround(step));
    if (!record) return;
    const Theme& theme = context.theme;
    std::vector<ReadoutLine> lines = {{"step " + std::to_string(record->step), {}, {}}};
    const std::array<Color, 5> colors = {theme.kept, theme.sink, theme.categories[3],
                                         theme.categories[4], theme.faint};
    const auto parts = memory_parts(record->memory);
    for (std::size_t index = 0; index < parts.size(); ++index) {
      if (parts[index].bytes == 0) continue;
      lines.push_back(
          {std::string(parts[index].name), bytes_text(parts[index].bytes), colors[index]});
    }
    lines.push_back({"full cache", bytes_text(static_cast<double>(record->memory.kv_full)), {}});
    if (record->memory.device_used) {
      lines.push_back({"device", bytes_text(static_cast<double>(*record->memory.device_used)), {}});
    }
    draw_readout(context.overlay, theme, *context.pointer.at,
                 {context.area.left, context.area.top, context.area.right, 1e6F}, lines);
  }
};

}  // namespace

std::unique_ptr<Panel> make_memory_panel() {
  return std::make_unique<MemoryPanel>();
}

}  // namespace sketchscope
