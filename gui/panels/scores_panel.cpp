#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <imgui.h>

#include "gui/panels/knob_editor.hpp"
#include "gui/panels/panel_registry.hpp"
#include "gui/panels/panel_text.hpp"
#include "gui/plot/chart.hpp"
#include "gui/view/score_strip.hpp"

namespace sketchscope::panels {
namespace {

constexpr std::string_view kYardstickPath = "Scores/beside";

/// The scores of the positions that a table stores, one strip above another measure of them.
class ScoresPanel final : public Panel {
 public:
  std::string_view name() const override { return "scores"; }
  std::string_view title() const override { return "Scores"; }
  std::string_view help() const override {
    return "What the policy, or your formula, scores every position that the chosen table stores; "
           "the lowest unprotected one leaves next. Below it another measure of the same "
           "positions, and how alike the two orders are: 1 is the same order, 0 none.";
  }

  std::string subtitle(const PanelContext& context) const override {
    if (!chosen_table(context)) return {};
    return std::string(state_caveat(context)) + chosen_table_words(context) + " · " +
           score_words(context);
  }
  std::string readout(const PanelContext& context) const override {
    const view::ScoreStrip strip = strip_of(context);
    return strip.correlation ? "rank correlation " + plot::fixed_text(*strip.correlation, 2)
                             : std::string(plot::kAbsent);
  }

  view::DataTable data(const PanelContext& context) const override {
    return view::scores_data(strip_of(context), yardstick().name);
  }

  void draw(PanelContext& context) override {
    if (!chosen_table(context) || context.history.empty()) {
      return draw_not_there(context, "No scores yet", "Press play");
    }
    if (!state_knobs(context).policy->evicts) {
      return draw_empty_state(context, "The policy full scores nothing", "Knobs: any other policy");
    }
    const view::ScoreStrip strip = strip_of(context);
    const plot::Theme& theme = context.theme;
    const float unit = theme.unit();
    const float top = draw_words(context, strip);
    const float gap = unit * 1.9F;  // the line between the strips
    const float height = (context.area.bottom - top - gap) / 2;
    const plot::Rect upper{context.area.left, top, context.area.right, top + height};
    draw_strip(context, strip, strip.scores, upper, theme.accent);
    draw_yardstick(context,
                   {context.area.left, upper.bottom, context.area.right, upper.bottom + gap});
    const plot::Rect lower{context.area.left, upper.bottom + gap, context.area.right,
                           context.area.bottom};
    if (strip.others.empty()) return draw_missing(context, lower);
    draw_strip(context, strip, strip.others, lower, theme.kept);
  }

 private:
  [[nodiscard]] const view::YardstickInfo& yardstick() const { return view::yardsticks()[chosen_]; }

  [[nodiscard]] view::ScoreStrip strip_of(const PanelContext& context) const {
    return view::score_strip(context.state, context.selection.layer, context.selection.head,
                             yardstick().kind, state_knobs(context), context.model.config.heads);
  }

  static std::string score_words(const PanelContext& context) {
    const settings::Knobs knobs = state_knobs(context);
    return knobs.policy->takes_formula ? knobs.formula.text() : "policy " + knobs.policy.name();
  }

  // Draws what leaves next and returns the lower end.
  static float draw_words(PanelContext& context, const view::ScoreStrip& strip) {
    const plot::Theme& theme = context.theme;
    std::string words = strip.next_victim
                            ? "next to leave: position " + std::to_string(*strip.next_victim)
                            : "every position is protected";
    if (strip.compared > 0) {
      words += " · " + std::to_string(strip.alike) + " of the next " +
               std::to_string(strip.compared) + " to leave are the same";
    }
    plot::TextStyle style = label_style(theme);
    if (strip.without_number > 0) {
      words = std::to_string(strip.without_number) + " of " +
              std::to_string(strip.positions.size()) + " scores are no numbers and leave first";
      style.color = theme.bad;
    }
    context.canvas.text({context.area.left, context.area.top},
                        fitted_text(context.canvas, words, style, context.area.width()), style);
    return context.area.top + theme.line_height();
  }

  void draw_yardstick(PanelContext& context, const plot::Rect& line) {
    ImGui::PushID("yardstick");
    const Choice choice{.label = "beside",
                        .path = kYardstickPath,
                        .words = std::string(yardstick().name),
                        .color = context.theme.text,
                        .help = "Another measure of the same positions."};
    draw_choice_line(context, line, choice, [&] {
      for (std::size_t at = 0; at < view::yardsticks().size(); ++at) {
        const std::string words(view::yardsticks()[at].name);
        if (ImGui::Selectable(words.c_str(), at == chosen_)) chosen_ = at;
        widgets::note_widget(context.items, std::string(kYardstickPath) + "/" + words);
      }
    });
    ImGui::PopID();
  }

  void draw_missing(PanelContext& context, const plot::Rect& area) const {
    const plot::TextStyle style = label_style(context.theme);
    context.canvas.text(
        {area.left, area.top},
        fitted_text(context.canvas, "not measured: it takes " + std::string(yardstick().needs),
                    style, area.width()),
        style);
  }

  static plot::AxisOptions axis_of(const std::vector<double>& values) {
    double low = 0, high = 0;
    bool any = false;
    for (const double value : values) {
      if (!std::isfinite(value)) continue;
      low = any ? std::min(low, value) : value;
      high = any ? std::max(high, value) : value;
      any = true;
    }
    const double margin = high > low ? (high - low) * 0.08 : 1;
    const bool from_zero = low >= 0 && low < high * 0.5;
    return {.minimum = from_zero ? 0 : low - margin, .maximum = high + margin};
  }

  static void draw_strip(PanelContext& context, const view::ScoreStrip& strip,
                         const std::vector<double>& values, const plot::Rect& area,
                         plot::Color color) {
    const plot::Theme& theme = context.theme;
    const int span = view::position_span(static_cast<int>(context.history.tokens().size()),
                                         context.model.config.positions);
    plot::Chart chart(context.canvas, context.overlay, theme, area,
                      {.x = plot::integer_axis(0, span),
                       .y = axis_of(values),
                       .x_label = "position",
                       .pointer = context.pointer.at});
    chart.bars({.name = {}, .x = strip.positions, .y = values, .stroke = {color}}, 0.8);
    mark(context, chart, strip.next_victim, theme.evicted_now);
    mark(context, chart, context.selection.position(), theme.text);
    chart.finish();
    const auto hovered = chart.hovered_x();
    if (!hovered) return;
    const int position = static_cast<int>(std::lround(*hovered));
    context.selection.next_hover.position = position;
    if (context.pointer.clicked) context.selection.locked_position = position;
  }

  static void mark(PanelContext& context, const plot::Chart& chart, std::optional<int> position,
                   plot::Color color) {
    if (!position) return;
    const float x = chart.x().pixel(*position);
    const plot::Rect& plot = chart.plot();
    if (x < plot.left || x > plot.right) return;
    context.canvas.line({x, plot.top}, {x, plot.bottom}, {color.with_alpha(0.7), 1});
  }

  std::size_t chosen_ = 0;
};

}  // namespace

std::unique_ptr<Panel> make_scores_panel() {
  return std::make_unique<ScoresPanel>();
}

}  // namespace sketchscope::panels
