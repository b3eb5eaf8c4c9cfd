#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

#include "gui/panels/panel_registry.hpp"
#include "gui/panels/panel_text.hpp"
#include "gui/panels/part_legend.hpp"
#include "gui/panels/step_chart.hpp"
#include "gui/plot/readout.hpp"
#include "gui/plot/value_format.hpp"
#include "gui/view/allocations.hpp"

namespace sketchscope::panels {
namespace {

std::array<plot::Color, view::kAllocations.size()> category_colors(const plot::Theme& theme) {
  return {theme.faint, theme.kept, theme.categories[3], theme.sink};
}

/// What the program has allocated over the steps, beside what the process and the device take.
class AllocationsPanel final : public Panel {
 public:
  std::string_view name() const override { return "allocations"; }
  std::string_view title() const override { return "Allocations"; }
  std::string_view help() const override {
    return "Bytes that the program has allocated, from below: weights, pages of all lanes and "
           "keyframes, activations, sketch and statistics. The line above is what the system "
           "counts for the process, with code, records and this window; a dashed line is the "
           "memory in use on the GPU, if there is one. A click locks the step.";
  }
  std::string subtitle(const PanelContext& context) const override {
    const record::StepRecord* record = context.shown();
    return record ? view::machine_text(record->memory) : std::string();
  }
  std::string readout(const PanelContext& context) const override {
    const record::StepRecord* record = context.shown();
    if (!record) return std::string(plot::kAbsent);
    return "peak " + plot::column_bytes(static_cast<double>(record->memory.process_peak));
  }

  RowsOf rows_of() const override { return RowsOf::everything; }
  view::DataTable data(const PanelContext& context) const override {
    return view::allocations_data(context.history);
  }

  void draw(PanelContext& context) override {
    const view::History& history = context.history;
    if (history.empty()) {
      return draw_not_there(context, "No step yet", "Press play: counted every step");
    }
    const plot::Theme& theme = context.theme;
    stacked_.update(history);
    const view::StepSeries& process = history.series<&record::MemoryLedger::process>();
    const view::StepSeries& device = history.series<&record::MemoryLedger::device_used>();
    const double top =
        std::max({largest(shown_part(context, stacked_.up_to(kLast))),
                  largest(shown_part(context, process)), largest(shown_part(context, device))});
    plot::ChartOptions options = step_chart_options(context, plot::bytes_axis(top));
    if (context.print) options.y_label = "bytes";
    options.readout = plot::HoverReadout::none;
    // The chart's own legend would show cumulative sums instead of parts.
    plot::Rect area = context.area;
    const bool roomy = std::exchange(options.legend, plot::Legend::none) == plot::Legend::above;
    if (roomy) area.top = draw_legend(context);
    plot::Chart chart(context.canvas, context.overlay, theme, area, options);
    const auto colors = category_colors(theme);
    for (std::size_t part = view::kAllocations.size(); part-- > 0;) {
      chart.area({.name = std::string(view::kAllocations[part]),
                  .x = history.steps(),
                  .y = stacked_.up_to(part),
                  .stroke = {colors[part], 1}},
                 colors[part].with_alpha(0.8));
    }
    chart.line({.name = "process", .x = history.steps(), .y = process, .stroke = {theme.text, 1}});
    if (has_values(device)) {
      chart.line({.name = "device",
                  .x = history.steps(),
                  .y = device,
                  .stroke = {theme.accent, 1, plot::Dash::dashed}});
    }
    const auto hovered = chart.hovered_x();
    finish_step_chart(context, chart);
    if (hovered) draw_values(context, *hovered);
  }

 private:
  static constexpr std::size_t kLast = view::kAllocations.size() - 1;

  static float draw_legend(PanelContext& context) {
    const record::MemoryLedger& memory = context.shown()->memory;
    const auto bytes = view::allocations(memory);
    const auto colors = category_colors(context.theme);
    std::vector<LegendPart> parts;
    for (std::size_t part = 0; part < bytes.size(); ++part) {
      parts.push_back({view::kAllocations[part], plot::column_bytes(bytes[part]), colors[part]});
    }
    parts.push_back(
        {"process", plot::column_bytes(static_cast<double>(memory.process)), context.theme.text});
    if (memory.device_used) {
      parts.push_back({"device", plot::column_bytes(static_cast<double>(*memory.device_used)),
                       context.theme.accent});
    }
    return draw_part_legend(context, parts);
  }

  static void draw_values(PanelContext& context, double step) {
    const record::StepRecord* record = context.history.at(std::llround(step));
    if (!record) return;
    const record::MemoryLedger& memory = record->memory;
    const auto bytes = view::allocations(memory);
    const auto colors = category_colors(context.theme);
    std::vector<plot::ReadoutLine> lines = {{"step " + plot::count_text(record->step), {}, {}}};
    lines.push_back(
        {"process", plot::column_bytes(static_cast<double>(memory.process)), context.theme.text});
    for (std::size_t part = bytes.size(); part-- > 0;) {
      lines.push_back(
          {std::string(view::kAllocations[part]), plot::column_bytes(bytes[part]), colors[part]});
    }
    if (memory.device_used) {
      lines.push_back({"device", plot::column_bytes(static_cast<double>(*memory.device_used)),
                       context.theme.accent});
    }
    plot::draw_readout(context.overlay, context.theme, *context.pointer.at,
                       {context.area.left, context.area.top, context.area.right, 1e6F}, lines);
  }

  view::StackedAllocations stacked_;
};

}  // namespace

std::unique_ptr<Panel> make_allocations_panel() {
  return std::make_unique<AllocationsPanel>();
}

}  // namespace sketchscope::panels
