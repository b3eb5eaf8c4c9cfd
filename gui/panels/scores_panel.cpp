#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <imgui.h>

#include "engine/measure/correlation.hpp"
#include "gui/panels/knob_editor.hpp"
#include "gui/panels/panel_registry.hpp"
#include "gui/panels/panel_text.hpp"
#include "gui/panels/position_raster.hpp"
#include "gui/plot/chart.hpp"
#include "gui/view/score_strip.hpp"

namespace sketchscope::panels {
namespace {

constexpr std::string_view kReferencePath = "Scores/beside";

/// The scores of the positions that a table stores, one strip above another measure of them.
class ScoresPanel final : public Panel {
 public:
  std::string_view name() const override { return "scores"; }
  std::string_view title() const override { return "Scores"; }
  std::string_view help() const override {
    return "The order in which the policy, or your formula, puts the positions that the chosen "
           "table stores, by rank; the lowest unprotected one leaves next. Below it the order by "
           "another measure, and how alike the two are: 1 is the same order, 0 none. Hindsight, of "
           "an earlier step, is the oracle's order: by what was attended to from then until now.";
  }

  std::string subtitle(const PanelContext& context) const override {
    if (!chosen_table(context)) return {};
    return std::string(state_caveat(context)) + chosen_table_words(context) + " · rank by " +
           score_words(context);
  }
  std::string readout(const PanelContext& context) const override {
    const view::ScoreStrip strip = strip_of(context);
    return strip.correlation ? "rank correlation " + plot::fixed_text(*strip.correlation, 2)
                             : std::string(plot::kAbsent);
  }

  RowsOf rows_of() const override { return RowsOf::step; }
  view::DataTable data(const PanelContext& context) const override {
    return known_table(context) ? view::scores_data(strip_of(context), reference().name)
                                : view::DataTable();
  }

  void draw(PanelContext& context) override {
    if (!chosen_table(context) || context.history.empty()) {
      return draw_not_there(context, "No scores yet", "Press play");
    }
    if (!state_knobs(context).policy->evicts) {
      return draw_empty_state(context, "The policy full scores nothing", "Knobs: any other policy");
    }
    const view::ScoreStrip strip = strip_of(context);
    const plot::Rect& area = context.area;
    const float line = context.theme.unit() * 1.7F;
    const float split = area.left + area.width() * 0.55F;
    draw_words(context, strip, {area.left, area.top, split, area.top + line});
    draw_reference(context, {split + context.theme.unit(), area.top, area.right, area.top + line});
    // The lower strip has the labels of the axis that both share.
    const float labels = context.theme.small_text * 1.8F;
    const float top = area.top + line + context.theme.unit() * 0.3F;
    const float middle = top + (area.bottom - top - labels) / 2;
    draw_strip(context, strip, strip.scores, {area.left, top, area.right, middle},
               {.color = context.theme.accent, .labelled = false});
    const plot::Rect lower{area.left, middle, area.right, area.bottom};
    if (strip.others.empty()) return draw_missing(context, lower);
    draw_strip(context, strip, strip.others, lower,
               {.color = context.theme.kept, .labelled = true});
  }

 private:
  [[nodiscard]] const view::ReferenceScoreInfo& reference() const {
    return view::reference_scores()[chosen_];
  }

  [[nodiscard]] view::ScoreStrip strip_of(const PanelContext& context) const {
    return view::score_strip(context.state, context.selection.layer, context.selection.head,
                             reference().kind, state_knobs(context), context.model.config.heads);
  }

  static std::string score_words(const PanelContext& context) {
    const settings::Knobs knobs = state_knobs(context);
    return knobs.policy->takes_formula ? knobs.formula.text() : "policy " + knobs.policy.name();
  }

  // Draws what leaves next.
  static void draw_words(PanelContext& context, const view::ScoreStrip& strip,
                         const plot::Rect& line) {
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
    context.canvas.text({line.left, line.top},
                        fitted_text(context.canvas, words, style, line.width()), style);
  }

  void draw_reference(PanelContext& context, const plot::Rect& line) {
    ImGui::PushID("reference");
    const Choice choice{.label = "beside",
                        .path = kReferencePath,
                        .words = std::string(reference().name),
                        .color = context.theme.text,
                        .help = "Another measure of the same positions."};
    draw_choice_line(context, line, choice, [&] {
      for (std::size_t at = 0; at < view::reference_scores().size(); ++at) {
        const std::string words(view::reference_scores()[at].name);
        if (ImGui::Selectable(words.c_str(), at == chosen_)) chosen_ = at;
        widgets::note_widget(context.items, std::string(kReferencePath) + "/" + words);
      }
    });
    ImGui::PopID();
  }

  void draw_missing(PanelContext& context, const plot::Rect& area) const {
    const plot::TextStyle style = label_style(context.theme);
    context.canvas.text(
        {area.left, area.top},
        fitted_text(context.canvas, "not measured: it takes " + std::string(reference().needs),
                    style, area.width()),
        style);
  }

  struct StripLook {
    plot::Color color;
    bool labelled = false;  ///< whether positions are written below
  };

  // Draws each position's place in the order by `values`, since scores of a few positions are often
  // a hundred times those of the others.
  static void draw_strip(PanelContext& context, const view::ScoreStrip& strip,
                         const std::vector<double>& values, const plot::Rect& area,
                         const StripLook& look) {
    const int span = position_span(context);
    const view::PositionRange shown = context.selection.positions.range(span);
    plot::AxisOptions positions = plot::integer_axis(shown.first, shown.end);
    positions.tick_labels = look.labelled;
    std::vector<double> ranks = measure::ranks_of(values);
    for (double& rank : ranks) ++rank;  // a bar of no height would not be seen
    const auto highest = static_cast<double>(ranks.size());
    plot::Chart chart(context.canvas, context.overlay, context.theme, area,
                      {.x = positions,
                       .y = {.minimum = 0, .maximum = highest, .integer = true},
                       .x_label = look.labelled ? "position" : "",
                       .pointer = context.pointer.at});
    chart.bars({.name = {}, .x = strip.positions, .y = ranks, .stroke = {look.color}}, 0.8);
    mark(context, chart, strip.next_victim, context.theme.evicted_now);
    mark(context, chart, context.selection.position(), context.theme.text);
    chart.finish();
    move_positions(context, chart.plot(), span);
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
