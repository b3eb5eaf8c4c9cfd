#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include "gui/panels/eviction_answers.hpp"
#include "gui/panels/explained_eviction.hpp"
#include "gui/panels/panel.hpp"
#include "gui/panels/panel_registry.hpp"
#include "gui/panels/panel_text.hpp"
#include "gui/panels/step_chart.hpp"
#include "gui/plot/value_format.hpp"
#include "gui/plot/wrapped_text.hpp"
#include "gui/view/eviction_cost.hpp"
#include "gui/view/evictions.hpp"
#include "gui/view/head_text.hpp"
#include "gui/view/history.hpp"
#include "gui/view/panel_data.hpp"
#include "gui/view/position_life.hpp"
#include "gui/view/score_strip.hpp"

namespace sketchscope::panels {
namespace {

/// The explanation of one eviction: the policy's scores, the margin, and the cost.
class WhyPanel final : public Panel {
 public:
  std::string_view name() const override { return "why"; }
  std::string_view title() const override { return "Why was this evicted?"; }
  std::string_view help() const override {
    return "The eviction chosen in the log or the raster, else the newest of the step shown. The "
           "plot has the score at which each position left this table and, of a chosen one, the "
           "mass it would have received since: what this layer's queries would have attended to "
           "it, summed over the steps that are named. Ticks below mark steps whose likeliest token "
           "is not the full cache's, which all evictions together caused. W repeats the run with "
           "the position kept: its cost is the log-probability that the tokens which followed "
           "would have gained, summed.";
  }

  std::string subtitle(const PanelContext& context) const override {
    const auto place = chosen(context);
    if (!place) return {};
    return eviction_words(context, *place);
  }
  std::string readout(const PanelContext& context) const override {
    const auto place = chosen(context);
    if (!place) return {};
    const auto words =
        "reason: " + std::string(record::reason_text(context.history.eviction(*place)->reason));
    return context.selection.eviction ? words + " · pinned" : words;
  }

  RowsOf rows_of() const override { return RowsOf::everything; }
  view::DataTable data(const PanelContext& context) const override {
    const auto place = chosen(context);
    view::VictimTrace trace;
    if (place) {
      const record::EvictionRecord& eviction = *context.history.eviction(*place);
      if (const auto* cost = view::inquiry_of(context.state, *place, eviction))
        return view::cost_data(*cost);
      trace.update(context.history, eviction.layer, eviction.head.value_or(0));
    }
    return view::victims_data(trace);
  }

  void draw(PanelContext& context) override {
    const auto place = chosen(context);
    if (!place) {
      return draw_empty_state(context, "Nothing was evicted so far", first_words(context));
    }
    const record::EvictionRecord& eviction = *context.history.eviction(*place);
    const std::vector<EvictionAnswer> list = answers_.of(context, *place, eviction);
    if (context.print) return draw_print(context, *place, eviction, list);
    // Texts come first; a chart is drawn only if enough width remains.
    const float words = words_width(context);
    if (context.area.width() - words < context.theme.unit() * kChartInUnits) {
      return draw_answers(context, list, context.area);
    }
    const float split = context.area.left + words;
    draw_answers(context, list, {context.area.left, context.area.top, split, context.area.bottom});
    draw_charts(context, *place, eviction,
                {split + context.theme.unit() * 1.5F, context.area.top, context.area.right,
                 context.area.bottom});
  }

  plot::Size least_print(const PanelContext& context) const override {
    const auto place = chosen(context);
    if (!place) return {};
    const record::EvictionRecord& eviction = *context.history.eviction(*place);
    const plot::Theme& theme = context.theme;
    const AnswerRows rows =
        answer_rows(context, answers_.of(context, *place, eviction),
                    is_wide(context) ? words_width(context) : context.area.width());
    float charts = least_chart(theme);
    if (has_cost_curve(context, *place, eviction)) charts *= 2;
    const float height =
        is_wide(context) ? std::max(rows.height, charts) : rows.height + theme.unit() + charts;
    return {theme.unit() * kLeastInUnits, height};
  }

 private:
  /// Says when the first eviction comes, and whose it would be by the scores now.
  static std::string first_words(const PanelContext& context) {
    const record::StepRecord* record = context.shown();
    const settings::Knobs& knobs = context.state.applied;
    std::string words = view::first_eviction_words(record, knobs, context.model.config.positions);
    const widgets::Selection& selection = context.selection;
    const run::LiveState* state = known_state(context);
    const bool fills = knobs.max_cache_size <= context.model.config.positions;
    if (state == nullptr || !knobs.policy->evicts || !fills) return words;
    const auto victim =
        view::score_strip(*state, selection.layer, selection.head, view::ReferenceScore::window,
                          knobs, context.model.config.heads)
            .next_victim;
    if (victim) {
      words += " · lowest score in layer " + std::to_string(selection.layer) +
               " so far: position " + plot::count_text(*victim);
    }
    return words;
  }

  static std::optional<view::EvictionPlace> chosen(const PanelContext& context) {
    return explained_eviction(context.history, context.selection);
  }

  static constexpr float kWordsInUnits = 28;
  static constexpr float kChartInUnits = 16;
  static constexpr float kLeastInUnits = 24;  ///< width of a figure for print

  static float least_chart(const plot::Theme& theme) { return theme.small_text * 9; }
  /// Returns the width of the answers where a chart stands beside them.
  static float words_width(const PanelContext& context) {
    return std::max(context.theme.unit() * kWordsInUnits, context.area.width() * 0.46F);
  }
  static bool is_wide(const PanelContext& context) {
    const float chart = context.area.width() - words_width(context);
    return chart >= context.theme.unit() * kChartInUnits;
  }
  static bool has_cost_curve(const PanelContext& context, view::EvictionPlace place,
                             const record::EvictionRecord& eviction) {
    const run::EvictionInquiry* cost = view::inquiry_of(context.state, place, eviction);
    return cost != nullptr && !cost->cost.run(decode::SparedBy::next).changes.empty();
  }

  /// The answers for print, in as many lines as they take.
  struct AnswerRows {
    struct Row {
      std::string_view question;
      std::vector<std::string> lines;
    };
    std::vector<Row> rows;
    float words_left = 0;  ///< from the left of the area
    float pitch = 0;
    float height = 0;
  };

  static plot::TextStyle print_style(const plot::Theme& theme) {
    return {.color = theme.text, .size = plot::TextSize::small};
  }

  static AnswerRows answer_rows(const PanelContext& context,
                                const std::vector<EvictionAnswer>& list, float width) {
    const plot::TextStyle style = print_style(context.theme);
    AnswerRows made{.pitch = context.theme.small_text * 1.35F};
    for (const EvictionAnswer& answer : list) {
      const float question = context.canvas.measure(answer.question, style).width;
      made.words_left = std::max(made.words_left, question + context.theme.unit());
    }
    for (const EvictionAnswer& answer : list) {
      made.rows.push_back({answer.question, plot::wrapped_lines(context.canvas, answer.words, style,
                                                                width - made.words_left)});
      made.height += made.pitch * static_cast<float>(made.rows.back().lines.size());
    }
    return made;
  }

  /// Draws all answers, and the charts beside them or, in a narrow print, below.
  void draw_print(PanelContext& context, view::EvictionPlace place,
                  const record::EvictionRecord& eviction, const std::vector<EvictionAnswer>& list) {
    const plot::Theme& theme = context.theme;
    const plot::Rect area = context.area;
    const bool wide = is_wide(context);
    const AnswerRows made = answer_rows(context, list, wide ? words_width(context) : area.width());
    plot::TextStyle question = print_style(theme);
    question.color = theme.quiet;
    float top = area.top;
    for (const AnswerRows::Row& row : made.rows) {
      context.canvas.text({area.left, top}, row.question, question);
      for (const std::string& line : row.lines) {
        context.canvas.text({area.left + made.words_left, top}, line, print_style(theme));
        top += made.pitch;
      }
    }
    plot::Rect charts = area;
    if (wide) {
      charts.left += words_width(context) + theme.unit() * 1.5F;
    } else {
      charts.top = top + theme.unit();
    }
    draw_charts(context, place, eviction, charts);
  }

  static void draw_answers(PanelContext& context, const std::vector<EvictionAnswer>& list,
                           const plot::Rect& area) {
    const plot::Theme& theme = context.theme;
    const float pitch =
        std::min(area.height() / static_cast<float>(list.size()), theme.line_height() * 1.2F);
    float widest = 0;
    for (const EvictionAnswer& answer : list) {
      widest = std::max(widest, context.canvas.measure(answer.question, label_style(theme)).width);
    }
    const float words_left = area.left + widest + theme.unit();
    plot::TextStyle style = value_style(theme, plot::Align::left);
    for (std::size_t index = 0; index < list.size(); ++index) {
      const float top = area.top + pitch * static_cast<float>(index);
      context.canvas.text({area.left, top}, list[index].question, label_style(theme));
      context.canvas.text(
          {words_left, top},
          fitted_text(context.canvas, list[index].words, style, area.right - words_left), style);
    }
  }

  /// Draws the scores of victims, and below, if it was asked for, what this eviction cost; in a low
  /// panel that alone.
  void draw_charts(PanelContext& context, view::EvictionPlace place,
                   const record::EvictionRecord& eviction, const plot::Rect& area) {
    if (!has_cost_curve(context, place, eviction)) {
      return draw_trace(context, place, eviction, area);
    }
    const run::EvictionInquiry* cost = view::inquiry_of(context.state, place, eviction);
    constexpr float kLowest = 9;  // of a chart, in lines
    const float lowest =
        context.print ? least_chart(context.theme) : kLowest * context.theme.line_height();
    if (area.height() < 2 * lowest - 1) {
      return draw_cost(context, *cost, area);
    }
    const float middle = std::round(area.center().y);
    draw_trace(context, place, eviction, {area.left, area.top, area.right, middle});
    draw_cost(context, *cost, {area.left, middle, area.right, area.bottom});
  }

  static void draw_cost(PanelContext& context, const run::EvictionInquiry& cost,
                        const plot::Rect& area) {
    const view::CostCurves curves = view::cost_curves(cost);
    const auto [lowest_next, highest_next] = std::ranges::minmax(curves.next);
    const auto [lowest_extra, highest_extra] = std::ranges::minmax(curves.extra);
    const plot::AxisOptions y{.minimum = std::min({lowest_next, lowest_extra, 0.0}),
                              .maximum = std::max({highest_next, highest_extra, 1e-6})};
    plot::ChartOptions options = step_chart_options(context, y, "cost so far, nats");
    options.legend = plot::Legend::above;
    plot::Chart chart(context.canvas, context.overlay, context.theme, area, options);
    chart.line({.name = "next leaves",
                .x = curves.steps,
                .y = curves.next,
                .stroke = {context.theme.accent, 1.5F}});
    chart.line({.name = "a slot more",
                .x = curves.steps,
                .y = curves.extra,
                .stroke = {context.theme.quiet, 1.5F, plot::Dash::dashed}});
    finish_step_chart(context, chart);
  }

  void draw_trace(PanelContext& context, view::EvictionPlace place,
                  const record::EvictionRecord& eviction, const plot::Rect& area) {
    const plot::Theme& theme = context.theme;
    const int head = eviction.head.value_or(0);
    trace_.update(context.history, eviction.layer, head);
    const run::TableTrace* life =
        view::trace_of(context.state, eviction.position, eviction.layer, head);
    const double top = std::max(
        {largest(trace_.scores()), largest(trace_.exact()), life ? largest(life->regret) : 0.0});
    plot::ChartOptions options = step_chart_options(context, plot::axis_from_zero(top), "mass");
    options.legend = plot::Legend::above;
    // The words beside it are about this eviction, and so are the values of the legend.
    options.cursor = static_cast<double>(place.step);
    plot::Chart chart(context.canvas, context.overlay, theme, area, options);
    // The words beside the chart of a figure say whose they are.
    const bool brief = context.print;
    chart.line({.name = brief ? "score" : "score of the victim",
                .x = trace_.steps(),
                .y = trace_.scores(),
                .stroke = {theme.accent, 1.5F}});
    chart.line({.name = brief ? "exact mass" : "its exact mass",
                .x = trace_.steps(),
                .y = trace_.exact(),
                .stroke = {theme.quiet, 1, plot::Dash::dashed}});
    if (life) {
      chart.line({.name = brief ? "regret" : "its regret",
                  .x = context.state.trace->steps,
                  .y = life->regret,
                  .stroke = {theme.bad, 1.5F}});
    }
    draw_changes(context, chart, place.step);
    const plot::Point at{chart.x().pixel(static_cast<double>(place.step)),
                         chart.y().pixel(eviction.score)};
    context.canvas.fill_circle(at, theme.unit() * 0.36F, theme.card);
    context.canvas.fill_circle(at, theme.unit() * 0.28F, theme.evicted_now);
    finish_step_chart(context, chart);
  }

  /// Draws ticks at the steps since then at which lane and twin had different most likely tokens.
  static void draw_changes(PanelContext& context, const plot::Chart& chart, std::int64_t since) {
    const plot::Clip clip(context.canvas, chart.plot());
    const float height = context.theme.unit() * 0.5F;
    for (const double step :
         view::top_token_changes(context.history, since, context.shown_step()).steps) {
      const float x = chart.x().pixel(step);
      context.canvas.line({x, chart.plot().bottom - height}, {x, chart.plot().bottom},
                          {context.theme.pending});
    }
  }

  mutable EvictionAnswers answers_;  // only remembers what was computed
  view::VictimTrace trace_;
};

}  // namespace

std::unique_ptr<Panel> make_why_panel() {
  return std::make_unique<WhyPanel>();
}

}  // namespace sketchscope::panels
