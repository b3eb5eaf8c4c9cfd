#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "gui/panels/panel_registry.hpp"
#include "gui/panels/panel_text.hpp"
#include "gui/panels/step_chart.hpp"
#include "gui/plot/readout.hpp"
#include "gui/plot/value_format.hpp"
#include "gui/view/allocations.hpp"
#include "gui/view/panel_data.hpp"
#include "gui/view/step_costs.hpp"

namespace sketchscope::panels {
namespace {

constexpr const char* kNotThePolicy = " (not the policy)";

/// Returns the colours of the categories, in the order of memory_parts(). The sketch and the audit
/// have those of their times in Throughput.
std::array<plot::Color, 5> memory_colors(const plot::Theme& theme) {
  return {theme.parts[0], theme.parts[2], theme.parts[1], theme.parts[5], theme.parts[3]};
}

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
    const record::StepRecord* record = context.shown();
    if (!record) return std::string(plot::kAbsent);
    return "peak " + plot::column_bytes(view::memory_peak(context.history, record->step).bytes);
  }

  view::DataTable data(const PanelContext& context) const override {
    return view::memory_data(context.history);
  }

  void draw(PanelContext& context) override {
    const view::History& history = context.history;
    if (history.empty()) {
      return draw_not_there(context, "No step yet", "Press play: counted every step");
    }
    const plot::Theme& theme = context.theme;
    const view::StepSeries& stored = history.series<&record::MemoryLedger::kv_stored>();
    const view::StepSeries& full = history.series<&record::MemoryLedger::kv_full>();
    double top = std::max(largest(shown_part(context, full)),
                          largest(shown_part(context, history.policy_bytes())));
    const std::vector<OtherSeries> others = series_of_others(context, [](const view::History& run) {
      return &run.series<&record::MemoryLedger::kv_stored>();
    });
    for (const OtherSeries& other : others) {
      top = std::max(top, largest(shown_part(context, other.values)));
    }
    plot::ChartOptions options = step_chart_options(context, plot::bytes_axis(top), "bytes");
    options.readout = plot::HoverReadout::none;
    plot::Chart chart(context.canvas, context.overlay, theme, context.area, options);
    const plot::Color kv = memory_colors(theme)[0];
    const plot::Color sketch = memory_colors(theme)[1];
    chart.area({.name = "with sketch",
                .x = history.steps(),
                .y = history.policy_bytes(),
                .stroke = {sketch, 1}},
               sketch.with_alpha(0.55));
    chart.area({.name = "KV", .x = history.steps(), .y = stored, .stroke = {kv, 1}}, kv);
    chart.line({.name = "full cache",
                .x = history.steps(),
                .y = full,
                .stroke = {theme.quiet, 1, plot::Dash::dashed}});
    draw_others(context, chart, others, "'s KV");
    const view::MemoryPeak peak =
        view::memory_peak(history, static_cast<std::int64_t>(history.size()) - 1);
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
  static void label_full_cache(PanelContext& context, const plot::Chart& chart) {
    const std::size_t step = context.history.size() / 2;
    const double there = context.history.series<&record::MemoryLedger::kv_full>()[step];
    const plot::Point at{chart.x().pixel(static_cast<double>(step)), chart.y().pixel(there)};
    const float away = context.theme.unit() * 0.4F;
    if (at.x - chart.plot().left < context.theme.unit() * 6) return;
    // A low card has no room above the line but that of its title.
    if (at.y - away - context.theme.small_text * 1.3F < chart.plot().top) return;
    context.canvas.text({at.x - away, at.y - away}, "full cache",
                        {.color = context.theme.quiet,
                         .size = plot::TextSize::small,
                         .align = plot::Align::right,
                         .vertical = plot::VerticalAlign::bottom});
  }

  static void draw_values(PanelContext& context, double step) {
    const record::StepRecord* record = context.history.at(std::llround(step));
    if (!record) return;
    const plot::Theme& theme = context.theme;
    std::vector<plot::ReadoutLine> lines = {{"step " + std::to_string(record->step), {}, {}}};
    const auto colors = memory_colors(theme);
    const auto parts = view::memory_parts(record->memory);
    for (std::size_t index = 0; index < parts.size(); ++index) {
      if (parts[index].bytes == 0) continue;
      lines.push_back(
          {std::string(parts[index].name), plot::column_bytes(parts[index].bytes), colors[index]});
    }
    lines.push_back(
        {"full cache", plot::column_bytes(static_cast<double>(record->memory.kv_full)), {}});
    if (record->memory.device_used) {
      lines.push_back(
          {"device", plot::column_bytes(static_cast<double>(*record->memory.device_used)), {}});
    }
    plot::draw_readout(context.overlay, theme, *context.pointer.at,
                       {context.area.left, context.area.top, context.area.right, 1e6F}, lines);
  }
};

/// The memory ledger of the step shown: a bar relative to the full cache and a line per category.
class BytesPanel final : public Panel {
 public:
  std::string_view name() const override { return "bytes"; }
  std::string_view title() const override { return "Bytes now"; }
  std::string_view help() const override {
    return "What the lane's cache takes at the step shown; the whole bar is the full cache at the "
           "same position. What only measures is listed apart.";
  }

  std::string subtitle(const PanelContext& context) const override {
    const record::StepRecord* record = context.shown();
    const double saving = record ? view::memory_saving(record->memory) : plot::kMissing;
    if (!std::isfinite(saving) || saving == 0) return {};
    return plot::format_signed_percent(-saving);
  }
  std::string readout(const PanelContext& context) const override {
    const record::StepRecord* record = context.shown();
    if (!record) return std::string(plot::kAbsent);
    return "of " + plot::column_bytes(static_cast<double>(record->memory.kv_full)) + " full";
  }

  RowsOf rows_of() const override { return RowsOf::step; }
  view::DataTable data(const PanelContext& context) const override {
    const record::StepRecord* record = context.shown();
    return record ? view::bytes_data(record->memory) : view::DataTable();
  }

  void draw(PanelContext& context) override {
    const record::StepRecord* record = context.shown();
    if (!record) {
      return draw_not_there(context, "No step yet", "Press play: counted every step");
    }
    const plot::Theme& theme = context.theme;
    const auto parts = view::memory_parts(record->memory);
    const auto colors = memory_colors(theme);
    const float bar = theme.unit();
    draw_bar(context, *record, colors,
             {context.area.left, context.area.top, context.area.right, context.area.top + bar});

    const float top = context.area.top + bar + theme.unit() * 0.7F;
    // If not all categories fit, those of 0 bytes are dropped.
    const float room = context.area.bottom - top;
    const bool all = room / static_cast<float>(parts.size()) >= theme.line_height() * 0.95F;
    const auto lines = std::ranges::count_if(
        parts, [&](const view::MemoryPart& part) { return all || part.bytes > 0; });
    const float pitch = std::min(theme.line_height() * 1.1F, room / static_cast<float>(lines));
    float middle = top + pitch / 2;
    for (std::size_t index = 0; index < parts.size(); ++index) {
      if (!all && parts[index].bytes == 0) continue;
      draw_line(context, parts[index], colors[index], middle);
      middle += pitch;
    }
    draw_machine(context, *record, middle - pitch / 2);
  }

 private:
  static void draw_bar(PanelContext& context, const record::StepRecord& record,
                       std::span<const plot::Color> colors, const plot::Rect& bar) {
    const plot::Theme& theme = context.theme;
    context.canvas.fill(bar, theme.control, 2);
    const auto parts = view::memory_parts(record.memory);
    const double whole =
        std::max(static_cast<double>(record.memory.kv_full), view::policy_bytes(record.memory));
    if (whole <= 0) return;
    float left = bar.left;
    for (std::size_t index = 0; index < parts.size(); ++index) {
      if (!parts[index].of_policy || parts[index].bytes <= 0) continue;
      // A category above 0 has a least width.
      const float width =
          std::max(2.0F, static_cast<float>(parts[index].bytes / whole) * bar.width());
      context.canvas.fill({left, bar.top, std::min(left + width, bar.right), bar.bottom},
                          colors[index], 2);
      left += width;
    }
  }

  /// Draws what the process takes beside the ledger, and what the device does if there is one.
  static void draw_machine(PanelContext& context, const record::StepRecord& record, float top) {
    const std::string words = view::machine_text(record.memory);
    const plot::TextStyle style = small_style(context.theme);
    if (top + context.theme.small_text * 1.3F > context.area.bottom) return;
    context.canvas.text({context.area.left, top},
                        fitted_parts(context.canvas, words, style, context.area.width()), style);
  }

  static void draw_line(PanelContext& context, const view::MemoryPart& part, plot::Color color,
                        float middle) {
    const plot::Theme& theme = context.theme;
    const float side = theme.unit() * 0.7F;
    context.canvas.fill(
        {context.area.left, middle - side / 2, context.area.left + side, middle + side / 2}, color,
        2);
    plot::TextStyle value = in_middle(value_style(theme));
    const float left = context.area.left + theme.unit() * 1.3F;
    const float number = context.canvas.measure(plot::column_bytes(part.bytes), value).width;
    const float room = context.area.right - number - theme.unit() * 0.5F - left;
    const plot::TextStyle label = in_middle(label_style(theme));
    std::string words(part.name);
    if (!part.of_policy && context.canvas.measure(words + kNotThePolicy, label).width <= room) {
      words += kNotThePolicy;
    }
    context.canvas.text({left, middle}, fitted_text(context.canvas, words, label, room), label);
    if (!part.of_policy || part.bytes == 0) value.color = theme.quiet;
    context.canvas.text({context.area.right, middle}, plot::column_bytes(part.bytes), value);
  }
};

}  // namespace

std::unique_ptr<Panel> make_memory_panel() {
  return std::make_unique<MemoryPanel>();
}

std::unique_ptr<Panel> make_bytes_panel() {
  return std::make_unique<BytesPanel>();
}

}  // namespace sketchscope::panels
