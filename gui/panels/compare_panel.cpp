#include <algorithm>
#include <cmath>

#include "engine/run/live_state.hpp"
#include "gui/panels/compare_table.hpp"
#include "gui/panels/panel_registry.hpp"
#include "gui/panels/panel_text.hpp"
#include "gui/panels/step_chart.hpp"
#include "gui/plot/value_format.hpp"
#include "gui/view/comparison.hpp"
#include "gui/view/running_comparison.hpp"

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
           "plotted by step. A click on the first other eviction goes to its step. The "
           "perplexities of two texts are not compared, and a text that one "
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

  plot::Size least_print(const PanelContext& context) const override {
    if (!comparing(context)) return {};
    const CompareTable table(context, view::comparison_of(context.history, *context.other));
    const float unit = context.theme.unit();
    const bool below = compare_layout(context) == CompareLayout::below;
    const float pictures = kPrintedPicturesInUnits * unit;
    return {kLeastInUnits * unit,
            below ? table.height() + pictures : std::max(table.height(), 2 * pictures)};
  }

  void draw(PanelContext& context) override {
    if (!comparing(context)) {
      return draw_empty_state(context, "Nothing is compared",
                              "Ctrl D begins again with a second run beside this one");
    }
    update(context);
    const CompareTable table(context, comparison_);
    const Places places = places_in(context, table);
    table.draw(context, places.table);
    if (!comparison_.first_divergence()) {
      const view::DifferenceSeries& series = comparison_.series();
      draw_difference(context, places.a, "next-token KL, A − B, nats", series.logit_kl);
      return draw_difference(context, places.b, "retained mass, A − B", series.retained_mass);
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

  /// The least height of pictures below a table.
  static constexpr float kPicturesInUnits = 5;
  static constexpr float kPrintedPicturesInUnits = 8;
  static constexpr float kLeastInUnits = 24;  ///< width of a figure for print

  /// Divides the area: the pictures are above each other beside the table, or in a narrow area,
  /// such as a column of a page, beside each other below it.
  [[nodiscard]] Places places_in(const PanelContext& context, const CompareTable& table) const {
    const plot::Rect& area = context.area;
    const float unit = context.theme.unit();
    if (compare_layout(context) == CompareLayout::below) {
      const float pictures = std::max(kPicturesInUnits * unit, area.height() - table.height());
      const float split = area.bottom - std::min(pictures, area.height() * 0.6F);
      const float middle = area.center().x, gap = unit * 0.5F;
      return {.table = {area.left, area.top, area.right, split},
              .a = {area.left, split + gap, middle - gap, area.bottom},
              .b = {middle + gap, split + gap, area.right, area.bottom}};
    }
    const float split = area.left + compare_table_width(context);
    const float left = split + 1.5F * unit, middle = area.center().y;
    const bool charts = !comparison_.first_divergence();
    const float gap = charts ? unit * 0.5F : 0;
    return {.table = {area.left, area.top, split, area.bottom},
            .a = {left, area.top, area.right, middle - gap},
            .b = {left, middle + gap, area.right, area.bottom}};
  }

  static bool comparing(const PanelContext& context) {
    return context.other && !context.other->empty() && !context.history.empty();
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
                .x = comparison_.series().steps,
                .y = values,
                .stroke = {context.theme.accent, 1.5F}});
    finish_step_chart(context, chart);
    if (context.print) return;
    const plot::TextStyle style = small_style(context.theme);
    const plot::Point at{chart.plot().left + context.theme.unit() * 0.4F, chart.plot().top};
    const std::string words = fitted_text(context.canvas, name, style, chart.plot().right - at.x);
    const plot::Size box = context.canvas.measure(words, style);
    // The curve may pass below the words.
    context.canvas.fill({at.x - 2, at.y, at.x + box.width + 2, at.y + box.height},
                        context.theme.card.with_alpha(0.8));
    context.canvas.text(at, words, style);
  }

  void update(const PanelContext& context) {
    const bool known = diffed_a_ == context.history.revision() &&
                       diffed_b_ == context.other->revision() &&
                       comparison_.is_of(context.history, *context.other);
    if (known) return;
    diffed_a_ = context.history.revision();
    diffed_b_ = context.other->revision();
    comparison_.follow(context.history, *context.other);
    text_ = token_text(context.model);
    const auto common =
        static_cast<int>(std::min(context.history.tokens().size(), context.other->tokens().size()));
    from_ = comparison_.first_divergence().value_or(common);
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
    draw_compared_letter(context, place, {area.left, area.top}, plot::Align::left);
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
  int from_ = 0;
  view::RunningComparison comparison_;
  view::TextDifference difference_;
  view::TokenText text_;
};

}  // namespace

std::unique_ptr<Panel> make_compare_panel() {
  return std::make_unique<ComparePanel>();
}

}  // namespace sketchscope::panels
