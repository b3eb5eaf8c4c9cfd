#include <imgui.h>
#include <imgui_stdlib.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gui/panels/operation_list.hpp"
#include "gui/panels/panel_registry.hpp"
#include "gui/panels/panel_text.hpp"
#include "gui/panels/part_legend.hpp"
#include "gui/panels/timeline_picture.hpp"
#include "gui/plot/value_format.hpp"
#include "gui/view/step_timeline.hpp"
#include "gui/widgets/controls.hpp"

namespace sketchscope::panels {
namespace {

const trace::StepTrace* shown_trace(const PanelContext& context) {
  return view::trace_of_step(context.state.step_traces, context.shown_step());
}

/// Returns the compared run's trace of the same step; null if there is none.
const trace::StepTrace* other_trace(const PanelContext& context) {
  if (context.state.other() == nullptr) return nullptr;
  return view::trace_of_step(context.state.other()->step_traces, context.shown_step());
}

/// Whether both runs made this step in one forward pass.
bool is_one_pass(const trace::StepTrace* own, const trace::StepTrace* other) {
  return own != nullptr && other != nullptr && own->begin_ns == other->begin_ns;
}

view::StepRange shown_range(const PanelContext& context) {
  return context.selection.window.range(static_cast<std::int64_t>(context.history.size()));
}

/// Returns the compared run's traces in a range; none where both runs make their steps in one pass.
std::vector<trace::StepTracePointer> other_traces(const PanelContext& context,
                                                  view::StepRange range) {
  const bool apart = !is_one_pass(shown_trace(context), other_trace(context));
  if (context.state.other() == nullptr || !apart) return {};
  return view::traces_in(context.state.other()->step_traces, range);
}

view::OperationTable table_of(const PanelContext& context) {
  const view::StepRange range = shown_range(context);
  return view::operation_table(view::traces_in(context.state.step_traces, range),
                               other_traces(context, range), context.state.machine.get());
}

/// One step taken apart: what each thread did when, and what its operations take in the mean.
class StepPanel final : public Panel {
 public:
  std::string_view name() const override { return "step"; }
  std::string_view title() const override { return "Step"; }
  std::string_view help() const override {
    return "The step shown, taken apart: its layers, the operations of the thread that makes it, "
           "and what each helping thread was busy with. The wheel zooms, a drag moves, a double "
           "click shows all. The table has the mean over the steps that the time axes show, with "
           "each operation's share of the bound that limits it: the rate of the memory or of the "
           "arithmetic, as measured on this machine. More than 100 % means that its data lay in "
           "the processor's caches.";
  }
  std::string subtitle(const PanelContext& context) const override {
    const trace::StepTrace* step = shown_trace(context);
    if (!step) return {};
    std::string words = "step " + plot::count_text(step->step) + " · " +
                        std::to_string(step->threads) +
                        (step->threads == 1 ? " thread" : " threads");
    if (is_one_pass(step, other_trace(context))) words += " · A and B in one pass";
    return words;
  }
  std::string readout(const PanelContext& context) const override {
    const trace::StepTrace* step = shown_trace(context);
    if (!step) return std::string(plot::kAbsent);
    return plot::format_milliseconds(trace::milliseconds(step->duration_ns));
  }

  RowsOf rows_of() const override { return RowsOf::everything; }
  view::DataTable data(const PanelContext& context) const override {
    return view::operation_data(table_of(context));
  }

  void draw(PanelContext& context) override {
    if (context.history.empty()) {
      return draw_not_there(context, "No step yet", "Press play: every step is taken apart");
    }
    const trace::StepTrace* step = shown_trace(context);
    if (!step) {
      return draw_not_there(context, "This step is not kept",
                            "The latest steps are: choose one of them, or press play");
    }
    ask_for_the_machine(context);
    const float unit = context.theme.unit();
    plot::Rect area = context.area;
    if (!context.print && area.height() > unit * 13) area.top = draw_search(context);
    const bool flat = area.height() < unit * 24;
    const bool beside = area.width() > unit * (flat ? 48 : 70);
    plot::Rect lines = area;
    plot::Rect list = area;
    if (beside) {
      lines.right = area.left + area.width() * (area.width() > unit * 70 ? 0.62F : 0.5F);
      list.left = lines.right + unit * 1.5F;
    }
    const float bottom = draw_lines(context, *step, lines, beside ? kTallest : 1);
    if (!beside) list.top = bottom + unit * 0.6F;
    if (beside) draw_parts(context, {lines.left, bottom + unit, lines.right, lines.bottom});
    hovered_ = list_.draw(context, known_table(context), list);
  }

 private:
  static constexpr float kTallest = 2.4F;  // usual heights of a line

  /// Has the peak rates measured, to which operations are related; once, since it takes a moment.
  void ask_for_the_machine(const PanelContext& context) {
    if (context.state.machine || context.state.phase == run::RunPhase::saved) return;
    if (std::exchange(asked_, true)) return;
    context.send(run::command::MeasureMachine{}, "machine");
  }

  /// Returns the table, made anew only when other steps count to it.
  const view::OperationTable& known_table(const PanelContext& context) {
    const run::LiveState& state = context.state;
    const TableKey key{.newest = state.step_traces.back(),
                       .range = shown_range(context),
                       .compares = state.other() != nullptr,
                       .machine = state.machine};
    if (key != table_key_) {
      const auto own = view::traces_in(state.step_traces, key.range);
      const auto other = other_traces(context, key.range);
      table_ = view::operation_table(
          own_means_.of(own), other.empty() ? std::nullopt : std::optional(other_means_.of(other)),
          state.machine.get());
      table_key_ = key;
    }
    return table_;
  }

  float draw_search(PanelContext& context) {
    const plot::Theme& theme = context.theme;
    const plot::Rect& area = context.area;
    const float width = std::min(area.width() * 0.4F, theme.unit() * 22);
    ImGui::PushFont(context.fonts.get(plot::Face::sans, plot::TextSize::small));
    ImGui::SetCursorScreenPos({area.left, area.top});
    ImGui::SetNextItemWidth(width);
    ImGui::InputTextWithHint("##step_search", "look for: attention, L3", &search_);
    const float height = ImGui::GetItemRectSize().y;
    ImGui::PopFont();
    widgets::note_widget(context.items, "step/search");
    if (context.state.other() != nullptr) {
      draw_apart_button(context, {area.left + width + theme.unit(), area.top,
                                  area.left + width + theme.unit() * 12, area.top + height});
    }
    return area.top + height + theme.unit() * 0.5F;
  }

  static void draw_apart_button(PanelContext& context, const plot::Rect& place) {
    const bool apart = context.state.runs_apart;
    const bool clicked = widgets::text_button(
        {context.canvas, context.theme, context.fonts, context.items}, "step/apart", place,
        apart ? "A and B together" : "A and B apart", widgets::Emphasis::plain,
        "Lets the two runs make a forward pass each, so that the times of each are its own; or one "
        "for both again, which is faster. Their results are the same.");
    if (clicked) context.send(run::command::StepApart{!apart}, "apart");
  }

  /// Draws which colour stands for which part of the step, and what each takes in the mean.
  void draw_parts(PanelContext& context, const plot::Rect& area) {
    if (area.height() < context.theme.line_height()) return;
    const std::array<double, view::kStepParts.size()> ms = view::ms_by_part(known_table(context));
    std::vector<LegendPart> parts;
    for (std::size_t part = 0; part < ms.size(); ++part) {
      if (ms[part] <= 0) continue;
      const auto [kind, name] = view::kStepParts[part];
      parts.push_back({name, plot::fixed_text(ms[part], 2), part_color(context.theme, kind)});
    }
    PanelContext below = context;
    below.area = area;
    draw_part_legend(below, parts);
  }

  /// Draws the time lines of the step, and below them those of the compared run, `tallest` usual
  /// heights tall at most. Returns the lower end.
  float draw_lines(PanelContext& context, const trace::StepTrace& step, const plot::Rect& area,
                   float tallest) {
    const plot::Theme& theme = context.theme;
    const trace::StepTrace* other = other_trace(context);
    if (is_one_pass(&step, other)) other = nullptr;
    const double ms =
        trace::milliseconds(std::max(step.duration_ns, other ? other->duration_ns : 0));
    std::vector<TimelinePicture> pictures;
    for (const trace::StepTrace* one : {&step, other}) {
      if (!one) continue;
      pictures.push_back({.lines = view::timeline_lines(*one),
                          .ms = ms,
                          .title = other ? (one == &step ? "A" : "B") : "",
                          .search = search_,
                          .highlighted = hovered_});
    }
    const float axis = theme.small_text * 1.6F;
    float wanted = 0;
    for (const TimelinePicture& picture : pictures) wanted += timeline_height(theme, picture);
    const float scale = std::min(tallest, std::max(area.height() - axis, 1.0F) / wanted);
    const plot::Rect drawn{area.left, area.top, area.right, area.top + wanted * scale + axis};
    zoom_.follow(context.pointer, timeline_bars(context, drawn));
    float top = area.top;
    const view::TimelineBar* hovered = nullptr;
    for (const TimelinePicture& picture : pictures) {
      const float bottom = top + timeline_height(theme, picture) * scale;
      const auto* bar =
          draw_timeline(context, picture, zoom_, {area.left, top, area.right, bottom});
      if (bar) hovered = bar;
      top = bottom;
    }
    draw_time_axis(context, ms, zoom_, {area.left, top, area.right, top + axis});
    if (hovered) {
      draw_bar_readout(context, *hovered, context.state.machine.get());
      if (hovered->layer >= 0) context.selection.next_hover.layer = hovered->layer;
    }
    return top + axis;
  }

  /// What the table depends on.
  struct TableKey {
    trace::StepTracePointer newest;
    view::StepRange range;
    bool compares = false;
    std::shared_ptr<const trace::MachineSpeed> machine;

    friend bool operator==(const TableKey&, const TableKey&) = default;
  };

  std::string search_;
  TableKey table_key_;
  view::OperationTable table_;
  trace::MovingMeans own_means_;
  trace::MovingMeans other_means_;
  TimelineZoom zoom_;
  OperationList list_;
  std::optional<trace::Operation> hovered_;  // in the table, in the former frame
  bool asked_ = false;
};

}  // namespace

std::unique_ptr<Panel> make_step_panel() {
  return std::make_unique<StepPanel>();
}

}  // namespace sketchscope::panels
