#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include "gui/panels/explained_eviction.hpp"
#include "gui/panels/panel.hpp"
#include "gui/panels/panel_registry.hpp"
#include "gui/panels/panel_text.hpp"
#include "gui/panels/step_chart.hpp"
#include "gui/plot/value_format.hpp"
#include "gui/view/eviction_cost.hpp"
#include "gui/view/evictions.hpp"
#include "gui/view/head_text.hpp"
#include "gui/view/history.hpp"
#include "gui/view/panel_data.hpp"
#include "gui/view/position_life.hpp"
#include "gui/view/score_strip.hpp"

namespace sketchscope::panels {
namespace {

struct Answer {
  std::string_view question;
  std::string words;
};

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
    const record::EvictionRecord& eviction = *context.history.eviction(*place);
    return "step " + plot::count_text(place->step) + " · layer " + std::to_string(eviction.layer) +
           (eviction.head ? " " + view::table_head_text(context.model.config, *eviction.head)
                          : "") +
           " · position " + plot::count_text(eviction.position) + " " +
           token_text(context.model).quoted(eviction.token);
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
    // Texts come first; a chart is drawn only if enough width remains.
    constexpr float kWordsInUnits = 28;
    constexpr float kChartInUnits = 16;
    const float words =
        std::max(context.theme.unit() * kWordsInUnits, context.area.width() * 0.46F);
    if (context.area.width() - words < context.theme.unit() * kChartInUnits) {
      return draw_answers(context, *place, eviction, context.area);
    }
    const float split = context.area.left + words;
    draw_answers(context, *place, eviction,
                 {context.area.left, context.area.top, split, context.area.bottom});
    draw_charts(context, *place, eviction,
                {split + context.theme.unit() * 1.5F, context.area.top, context.area.right,
                 context.area.bottom});
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

  void draw_answers(PanelContext& context, view::EvictionPlace place,
                    const record::EvictionRecord& eviction, const plot::Rect& area) {
    const plot::Theme& theme = context.theme;
    const auto list = answers(context, place, eviction);
    const float pitch =
        std::min(area.height() / static_cast<float>(list.size()), theme.line_height() * 1.2F);
    float widest = 0;
    for (const Answer& answer : list) {
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

  std::vector<Answer> answers(PanelContext& context, view::EvictionPlace place,
                              const record::EvictionRecord& eviction) {
    const settings::Knobs knobs =
        view::knobs_at(context.history, context.state.applied, place.step);
    const std::string candidates = plot::count_text(eviction.candidates);
    const double regret = view::regret_of(known_state(context), eviction.layer, eviction.position,
                                          eviction.head.value_or(0));
    const std::int64_t until = context.shown_step();
    std::vector<Answer> list = {
        {"rank at the decision", eviction.degenerate ? "none: everything was protected"
                                                     : "lowest of " + candidates + " unprotected"},
        {"score / exact mass", plot::column_text(eviction.score) + " / " +
                                   plot::column_text(plot::or_missing(eviction.exact_score))},
        {"inflated by", inflation(context, place, eviction, knobs)},
        {"margin to the next", margin_words(context, eviction)},
        {"protected", view::protection_text(eviction, knobs)},
        {"mass missed since", regret_words(regret, place.step, until)},
        {"all evictions together",
         changes_words(view::top_token_changes(context.history, place.step, until))}};
    add_cost(context, place, eviction, list);
    return list;
  }

  static std::string way_to_cost(const PanelContext& context, view::EvictionPlace place) {
    if (context.state.phase == run::RunPhase::saved) return "continue the run, then press W";
    const bool newest = static_cast<std::size_t>(place.step) + 1 >= context.history.size();
    return newest ? "no token since: make a step first" : "press W to see";
  }

  static void add_cost(const PanelContext& context, view::EvictionPlace place,
                       const record::EvictionRecord& eviction, std::vector<Answer>& list) {
    const run::EvictionInquiry* cost = view::inquiry_of(context.state, place, eviction);
    if (cost == nullptr) {
      if (context.print) return;
      list.push_back({"what it cost", way_to_cost(context, place)});
      return;
    }
    if (!cost->repeated_exactly) {
      const auto percent = static_cast<int>(std::floor(cost->done * 100));
      list.push_back({"what it cost", "repeating the run: " + std::to_string(percent) + " %"});
      return;
    }
    if (!*cost->repeated_exactly) {
      list.push_back({"what it cost", "not known: the run does not repeat exactly"});
      return;
    }
    list.push_back({"cost, next leaves", view::cost_words(*cost, decode::SparedBy::next)});
    list.push_back({"cost, a slot more", view::cost_words(*cost, decode::SparedBy::extra)});
  }

  static std::string changes_words(const view::TopTokenChanges& changes) {
    if (changes.compared == 0) return std::string(plot::kAbsent);
    return "top token changed in " + plot::count_text(std::ssize(changes.steps)) + " of " +
           plot::count_text(changes.compared) + (changes.compared == 1 ? " step" : " steps") +
           " since";
  }

  static std::string regret_words(double regret, std::int64_t from, std::int64_t until) {
    if (!std::isfinite(regret) || until < from) return std::string(plot::kAbsent);
    return plot::column_text(regret) +
           (from == until ? " in step " : " in steps " + plot::count_text(from) + " to ") +
           plot::count_text(until);
  }

  static std::string margin_words(const PanelContext& context,
                                  const record::EvictionRecord& eviction) {
    std::string words = plot::column_text(plot::or_missing(eviction.margin));
    if (!eviction.next_position) return words;
    const auto index = static_cast<std::size_t>(*eviction.next_position);
    words += " (position " + plot::count_text(*eviction.next_position);
    if (index < context.history.tokens().size()) {
      words += " " + token_text(context.model).quoted(context.history.tokens()[index]);
    }
    return words + ")";
  }

  /// Describes the positions that share the counter of the estimate.
  std::string inflation(const PanelContext& context, view::EvictionPlace place,
                        const record::EvictionRecord& eviction, const settings::Knobs& knobs) {
    if (!settings::uses_sketch(knobs)) return "no sketch: policy " + knobs.policy.name();
    if (!knobs.sketch->has_table) return "nothing: exact counters";
    if (!cells_ || !cells_->fits(knobs)) {
      cells_.emplace(knobs, context.model.config.heads, context.model.config.positions);
    }
    const auto fed = static_cast<std::size_t>(context.history.positions_at(place.step));
    const int head = eviction.head.value_or(0);
    const run::LiveState* state = known_state(context);
    const run::TableState* table = state ? run::table_of(*state, eviction.layer, head) : nullptr;
    const std::span<const float> exact =
        table ? std::span<const float>(table->exact_mass) : std::span<const float>();
    const view::SeenItems seen{.tokens = context.history.tokens().first(fed),
                               .codes = table ? std::span<const std::uint32_t>(table->codes)
                                              : std::span<const std::uint32_t>(),
                               .head = head};
    const auto sharing = view::limiting_cell(*cells_, seen, eviction.position, exact);
    if (!sharing) return "not known: the key is gone";
    const std::string row = "row " + std::to_string(sharing->row);
    // Without the head in its key, an item counts what all heads of the layer attend to.
    const bool of_all_heads = eviction.head && (knobs.sketch_key == sketch::SketchKey::position ||
                                                knobs.sketch_key == sketch::SketchKey::token);
    if (sharing->positions.empty()) {
      return (of_all_heads ? "the layer's other heads, alone in " : "nothing: alone in ") + row;
    }
    const std::size_t others = sharing->positions.size() - 1;
    return (of_all_heads ? "the layer's other heads, position " : "position ") +
           plot::count_text(sharing->positions.front()) +
           (others > 0 ? " and " + std::to_string(others) + " more" : "") + " in " + row;
  }

  /// Draws the scores of victims, and below, if it was asked for, what this eviction cost; in a low
  /// panel that alone.
  void draw_charts(PanelContext& context, view::EvictionPlace place,
                   const record::EvictionRecord& eviction, const plot::Rect& area) {
    const run::EvictionInquiry* cost = view::inquiry_of(context.state, place, eviction);
    if (cost == nullptr || cost->cost.run(decode::SparedBy::next).changes.empty()) {
      return draw_trace(context, place, eviction, area);
    }
    constexpr float kLowest = 9;  // of a chart, in lines
    if (area.height() < 2 * kLowest * context.theme.line_height()) {
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
    chart.line({.name = "score of the victim",
                .x = trace_.steps(),
                .y = trace_.scores(),
                .stroke = {theme.accent, 1.5F}});
    chart.line({.name = "its exact mass",
                .x = trace_.steps(),
                .y = trace_.exact(),
                .stroke = {theme.quiet, 1, plot::Dash::dashed}});
    if (life) {
      chart.line({.name = "its regret",
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

  std::optional<view::SketchCells> cells_;
  view::VictimTrace trace_;
};

}  // namespace

std::unique_ptr<Panel> make_why_panel() {
  return std::make_unique<WhyPanel>();
}

}  // namespace sketchscope::panels
