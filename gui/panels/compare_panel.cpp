#include <algorithm>
#include <array>
#include <cmath>

#include "engine/run/live_state.hpp"
#include "gui/panels/panel_registry.hpp"
#include "gui/panels/panel_text.hpp"
#include "gui/panels/step_chart.hpp"
#include "gui/plot/value_format.hpp"
#include "gui/view/comparison.hpp"

namespace sketchscope::panels {
namespace {

/// The number of tokens that are compared from the first difference on; more do not fit on a card.
constexpr std::size_t kDiffedTokens = 200;
/// The number of tokens shown before the first difference.
constexpr int kContext = 6;

/// Two runs compared position by position: their knobs, figures and texts.
class ComparePanel final : public Panel {
 public:
  std::string_view name() const override { return "compare"; }
  std::string_view title() const override { return "Compare"; }
  std::string_view help() const override {
    return "A is the run that all panels show and that the knobs change, B the other one: the same "
           "prompt and seed. Figures are over the positions both have reached. Where the texts "
           "differ, words that only one of them has are in colour; while they agree, A less B is "
           "plotted by step. The perplexities of two texts are not compared, and a text that one "
           "run drew is likely to that run. X exchanges A and B.";
  }
  std::string subtitle(const PanelContext& context) const override {
    if (!comparing(context)) return {};
    const bool same = context.state.other_tokens == run::ComparedTokens::same;
    const std::size_t both =
        std::min(context.history.tokens().size(), context.other->tokens().size());
    return "up to position " + plot::count_text(static_cast<long long>(both) - 1) +
           " · B: dashed in the charts" + (same ? ", fed A's tokens" : "");
  }
  std::string readout(const PanelContext& context) const override {
    if (!comparing(context)) return {};
    const auto first = view::first_divergence(context.history, *context.other);
    return first ? "texts differ from position " + plot::count_text(*first) : "texts agree";
  }
  RowsOf rows_of() const override { return RowsOf::everything; }
  view::DataTable data(const PanelContext& context) const override {
    return comparing(context) ? view::comparison_data(context.history, *context.other)
                              : view::DataTable();
  }

  void draw(PanelContext& context) override {
    if (!comparing(context)) {
      return draw_empty_state(context, "Nothing is compared",
                              "Ctrl D begins again with a second run beside this one");
    }
    update(context);
    const Places places = places_in(context);
    const float knobs_top = draw_figures(context, places.table);
    draw_knobs(context, {places.table.left, knobs_top, places.table.right, places.table.bottom});
    if (!view::first_divergence(context.history, *context.other)) {
      draw_difference(context, places.a, "next-token KL, A − B, nats", series_.logit_kl);
      return draw_difference(context, places.b, "retained mass, A − B", series_.retained_mass);
    }
    draw_text(context, 0, context.history, difference_.a, places.a);
    draw_text(context, 1, *context.other, difference_.b, places.b);
  }

 private:
  /// The places of figures and knobs, and of the two pictures beside or below them.
  struct Places {
    plot::Rect table;
    plot::Rect a;
    plot::Rect b;
  };

  static constexpr float kTableInUnits = 29;  // least width of the table

  /// Returns whether there is no room for table and pictures beside each other.
  static bool is_narrow(const PanelContext& context) {
    return context.area.width() < 2 * kTableInUnits * context.theme.unit();
  }
  static float row_height(const PanelContext& context) {
    return is_narrow(context) ? context.theme.small_text * 1.4F : context.theme.line_height();
  }

  /// Divides the area: the pictures are above each other beside the table, or in a narrow one, such
  /// as a column of a page, beside each other below it.
  static Places places_in(const PanelContext& context) {
    const plot::Rect& area = context.area;
    const float unit = context.theme.unit();
    if (is_narrow(context)) {
      const float split = area.top + area.height() * 0.56F;
      const float middle = area.center().x, gap = unit * 0.5F;
      return {.table = {area.left, area.top, area.right, split},
              .a = {area.left, split + gap, middle - gap, area.bottom},
              .b = {middle + gap, split + gap, area.right, area.bottom}};
    }
    const float split = area.left + std::max(area.width() * 0.4F, kTableInUnits * unit);
    const float left = split + 2 * unit, middle = area.center().y;
    const bool charts = !view::first_divergence(context.history, *context.other);
    const float gap = charts ? unit * 0.5F : 0;
    return {.table = {area.left, area.top, split, area.bottom},
            .a = {left, area.top, area.right, middle - gap},
            .b = {left, middle + gap, area.right, area.bottom}};
  }

  /// Draws a run's letter, which begins at `at` or ends there, beside its line in the charts.
  static void draw_letter(PanelContext& context, std::size_t place, plot::Point at,
                          plot::Align align) {
    const plot::Theme& theme = context.theme;
    const plot::TextStyle style = small_style(theme);
    const std::string letter = view::run_letter(place);
    const float letter_width = context.canvas.measure(letter, style).width;
    const float line = theme.unit() * 1.5F, gap = theme.unit() * 0.3F;
    const float left = align == plot::Align::left ? at.x : at.x - letter_width - gap - line;
    const float middle = at.y + theme.small_text * 0.55F;
    plot::Stroke stroke = run_stroke(theme, place);
    stroke.width = 2;
    context.canvas.line({left, middle}, {left + line, middle}, stroke);
    context.canvas.text({left + line + gap, at.y}, letter, style);
  }

  static bool comparing(const PanelContext& context) {
    return context.other && !context.other->empty() && !context.history.empty();
  }

  /// The right ends of the columns A, B and A − B, as shares of the width.
  static constexpr std::array<float, 3> kColumnEnds = {0.58F, 0.79F, 1};

  static void draw_row(PanelContext& context, const plot::Rect& row, std::string_view name,
                       const std::array<std::string, 3>& values, bool comparable = true) {
    const float width = row.width();
    plot::TextStyle label = label_style(context.theme);
    plot::TextStyle value = value_style(context.theme);
    if (is_narrow(context)) label.size = value.size = plot::TextSize::small;
    if (!comparable) label.color = context.theme.faint;
    context.canvas.text({row.left, row.top},
                        fitted_text(context.canvas, name, label, width * 0.36F), label);
    value.color = comparable ? context.theme.text : context.theme.faint;
    for (std::size_t column = 0; column < values.size(); ++column) {
      context.canvas.text({row.left + width * kColumnEnds[column], row.top},
                          fitted_text(context.canvas, values[column], value, width * 0.21F), value);
      value.color = comparable ? context.theme.quiet : context.theme.faint;
    }
  }

  void draw_difference(PanelContext& context, const plot::Rect& area, std::string_view name,
                       const view::StepSeries& values) const {
    double size = 0;
    for (const double value : values) {
      if (std::isfinite(value)) size = std::max(size, std::abs(value));
    }
    // On the screen the name is written into the plot, where the card has room for nothing else.
    plot::ChartOptions options = step_chart_options(context, plot::axis_around_zero(size),
                                                    context.print ? name : std::string_view());
    options.legend = plot::Legend::none;
    plot::Chart chart(context.canvas, context.overlay, context.theme, area, options);
    chart.line({.name = std::string(name),
                .x = series_.steps,
                .y = values,
                .stroke = {context.theme.accent, 1.5F}});
    finish_step_chart(context, chart);
    if (context.print) return;
    context.canvas.text({chart.plot().left + context.theme.unit() * 0.4F, chart.plot().top}, name,
                        small_style(context.theme));
  }

  /// Draws the figures. Returns the lower end.
  static float draw_figures(PanelContext& context, const plot::Rect& area) {
    const float pitch = row_height(context);
    float top = area.top;
    for (const std::size_t place : {0U, 1U}) {
      draw_letter(context, place, {area.left + area.width() * kColumnEnds[place], top},
                  plot::Align::right);
    }
    context.canvas.text({area.right, top}, "A − B", small_style(context.theme, plot::Align::right));
    top += std::max(pitch * 0.8F, context.theme.small_text * 1.3F);
    for (const view::ComparedFigure& figure :
         view::compared_figures(context.history, *context.other)) {
      if (top + pitch > area.bottom) break;
      draw_row(context, {area.left, top, area.right, top + pitch}, figure.name,
               {figure.format(figure.a), figure.format(figure.b), view::difference_text(figure)},
               figure.apart.empty());
      top += pitch;
    }
    return top;
  }

  static void draw_knobs(PanelContext& context, const plot::Rect& area) {
    if (context.state.other() == nullptr) return;
    const plot::Theme& theme = context.theme;
    const float pitch = row_height(context);
    float top = area.top + pitch * 0.3F;
    if (top + pitch > area.bottom) return;
    context.canvas.line({area.left, top}, {area.right, top}, {theme.border});
    top += pitch * 0.3F;
    const auto differences =
        view::knob_differences(context.state.applied, context.state.other()->applied);
    if (differences.empty() && top + pitch <= area.bottom) {
      context.canvas.text({area.left, top},
                          fitted_text(context.canvas, "The same knobs: turn one of A's",
                                      label_style(theme), area.width()),
                          label_style(theme));
    }
    for (const view::KnobDifference& one : differences) {
      if (top + pitch > area.bottom) break;
      draw_row(context, {area.left, top, area.right, top + pitch}, one.knob,
               {one.a, one.b, std::string()});
      top += pitch;
    }
  }

  void update(const PanelContext& context) {
    const bool known = diffed_a_ == context.history.revision() &&
                       diffed_b_ == context.other->revision() &&
                       diffed_generation_ == context.history.generation();
    if (known) return;
    diffed_a_ = context.history.revision();
    diffed_b_ = context.other->revision();
    diffed_generation_ = context.history.generation();
    series_ = view::difference_series(context.history, *context.other);
    text_ = token_text(context.model);
    const auto common =
        static_cast<int>(std::min(context.history.tokens().size(), context.other->tokens().size()));
    from_ = view::first_divergence(context.history, *context.other).value_or(common);
    const auto rest = [&](const view::History& history) {
      const auto tokens = history.tokens().subspan(static_cast<std::size_t>(from_));
      return tokens.first(std::min(tokens.size(), kDiffedTokens));
    };
    difference_ = view::text_difference(rest(context.history), rest(*context.other));
  }

  /// Draws a text from shortly before the first difference on.
  void draw_text(PanelContext& context, std::size_t place, const view::History& history,
                 const std::vector<bool>& shared, const plot::Rect& area) const {
    const plot::Theme& theme = context.theme;
    const plot::Clip clip(context.canvas, area);
    const float pitch = theme.normal_text * 1.7F;
    draw_letter(context, place, {area.left, area.top}, plot::Align::left);
    const float first = area.left + 3.5F * theme.unit();
    plot::Point at{first, area.top};
    const auto count = history.tokens().size();
    for (auto position = static_cast<std::size_t>(std::max(0, from_ - kContext)); position < count;
         ++position) {
      const std::size_t index = position - static_cast<std::size_t>(std::max(0, from_));
      const bool before = position < static_cast<std::size_t>(from_);
      if (!before && index >= shared.size()) break;
      const std::string& words = text_.of(history.tokens()[position]);
      plot::TextStyle style{.color = theme.quiet};
      if (!before && !shared[index]) style.color = place == 0 ? theme.accent : theme.pending;
      const float width = context.canvas.measure(words, style).width;
      if (at.x + width > area.right && at.x > first) at = {first, at.y + pitch};
      if (at.y + pitch > area.bottom) break;
      context.canvas.text(at, words, style);
      at.x += width;
    }
  }

  std::uint64_t diffed_a_ = 0;
  std::uint64_t diffed_b_ = 0;
  std::uint64_t diffed_generation_ = 0;
  int from_ = 0;
  view::TextDifference difference_;
  view::DifferenceSeries series_;
  view::TokenText text_;
};

}  // namespace

std::unique_ptr<Panel> make_compare_panel() {
  return std::make_unique<ComparePanel>();
}

}  // namespace sketchscope::panels
