#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include "gui/panels/panel.hpp"
#include "gui/panels/panel_registry.hpp"
#include "gui/panels/panel_text.hpp"
#include "gui/plot/chart.hpp"
#include "gui/plot/readout.hpp"
#include "gui/plot/value_format.hpp"
#include "gui/view/panel_data.hpp"
#include "gui/view/sketch_map.hpp"

namespace sketchscope::panels {
namespace {

/// The places of dots that were drawn, to a third of a pixel: of thousands, most lie on others.
class CoveredDots {
 public:
  /// Has room for `most` dots.
  explicit CoveredDots(std::size_t most) : places_(std::bit_ceil(2 * most + 1), kFree) {}

  /// Returns whether a dot of this kind was drawn at this place, which it is from now on.
  bool cover(plot::Point at, bool stored) {
    const auto third = [](float pixel) {
      return static_cast<std::uint64_t>(static_cast<std::int64_t>(std::floor(pixel * 3)) &
                                        0x7FFFFFFF);
    };
    const std::uint64_t place = third(at.x) << 32U | third(at.y) << 1U | (stored ? 1U : 0U);
    const std::size_t mask = places_.size() - 1;
    std::size_t slot = (place * 0x9E3779B97F4A7C15U >> 32U) & mask;
    while (places_[slot] != kFree && places_[slot] != place) slot = (slot + 1) & mask;
    return std::exchange(places_[slot], place) == place;
  }

 private:
  static constexpr std::uint64_t kFree = ~std::uint64_t{0};

  std::vector<std::uint64_t> places_;
};

/// The sketch's estimates against exact masses, one dot per position.
class AccuracyPanel final : public Panel {
 public:
  std::string_view name() const override { return "accuracy"; }
  std::string_view title() const override { return "Sketch accuracy"; }
  std::string_view help() const override {
    return "Accumulated mass of every position of the chosen layer: dots on the diagonal are "
           "exact, the dashed line is exact + the sketch's bound. Hover a dot to find it in all "
           "panels.";
  }
  std::string subtitle(const PanelContext& context) const override {
    if (context.history.empty()) return {};
    return std::string(state_caveat(context)) + chosen_table_words(context) + ", step " +
           plot::count_text(context.state.steps - 1);
  }
  std::string readout(const PanelContext& context) const override {
    const run::LayerState* layer = chosen_layer(context);
    const run::TableState* table = chosen_table(context);
    const bool known = table && !table->estimates.empty();
    return known ? std::string(bound_name(context)) + " " +
                       plot::format_number(layer->error_bound.above)
                 : std::string(plot::kAbsent);
  }

  RowsOf rows_of() const override { return RowsOf::step; }
  view::DataTable data(const PanelContext& context) const override {
    const run::TableState* table = known_table(context);
    return table ? view::accuracy_data(view::sketch_accuracy(*table, 0)) : view::DataTable();
  }

  void draw(PanelContext& context) override {
    const run::TableState* table = chosen_table(context);
    if (!table || context.history.empty()) {
      return draw_not_there(context, "No estimates yet", "Press play");
    }
    if (table->estimates.empty()) {
      return draw_empty_state(context, "This policy uses no sketch", "Knobs: policy sketch");
    }
    const view::Accuracy accuracy =
        view::sketch_accuracy(*table, chosen_layer(context)->error_bound.above);
    if (accuracy.points.empty()) {
      return draw_not_there(context, "Exact mass needs the audit",
                            "Knobs, Reference: switch the audit on");
    }
    draw_scatter(context, accuracy);
  }

 private:
  /// Returns the bound's name: ε·N for count-min; count-sketch's is relative to the L2 norm of
  /// masses.
  static std::string_view bound_name(const PanelContext& context) {
    return state_knobs(context).sketch->bound;
  }

  void draw_scatter(PanelContext& context, const view::Accuracy& accuracy) {
    const plot::Theme& theme = context.theme;
    // The axes are logarithmic, as sinks have a thousand times the mass of typical victims.
    constexpr double kFarthestBound = 10;
    const double bound = std::min(accuracy.bound, accuracy.largest * kFarthestBound);
    // The bound's label needs space above it.
    const double top = std::max({accuracy.largest * 1.5, bound * 4, 1e-6});
    const double bottom = std::max(accuracy.smallest / 1.5, top * 1e-5);
    const plot::AxisOptions axis{.minimum = bottom, .maximum = top, .scale = plot::Scale::log10};
    plot::Chart chart(context.canvas, context.overlay, theme, context.area,
                      {.x = axis, .y = axis, .x_label = "exact", .y_label = "estimate"});
    draw_guides(context, chart, accuracy.bound, axis);

    const float radius = std::max(1.5F, theme.unit() * 0.16F);
    const view::AccuracyPoint* nearest = nullptr;
    float nearest_distance = theme.unit();
    CoveredDots covered(accuracy.points.size());
    for (const auto& point : accuracy.points) {
      const plot::Point at{chart.x().pixel(point.exact), chart.y().pixel(point.estimate)};
      if (!covered.cover(at, point.stored)) {
        context.canvas.fill_circle(at, radius, point.stored ? theme.kept : theme.faint);
      }
      if (context.selection.position() == point.position) {
        context.canvas.fill_circle(at, radius * 1.8F, theme.accent);
      }
      if (!context.pointer.at) continue;
      const float distance = std::hypot(at.x - context.pointer.at->x, at.y - context.pointer.at->y);
      if (distance < nearest_distance) {
        nearest_distance = distance;
        nearest = &point;
      }
    }
    chart.finish();
    if (nearest) hover(context, *nearest);
  }

  static void draw_guides(PanelContext& context, const plot::Chart& chart, double bound,
                          const plot::AxisOptions& axis) {
    const plot::Theme& theme = context.theme;
    const plot::Clip clip(context.canvas, chart.plot());
    constexpr int kPoints = 48;
    std::vector<plot::Point> exact_line;
    std::vector<plot::Point> bound_line;
    for (int index = 0; index <= kPoints; ++index) {
      const double x =
          axis.minimum * std::pow(axis.maximum / axis.minimum, index / double{kPoints});
      exact_line.push_back({chart.x().pixel(x), chart.y().pixel(x)});
      bound_line.push_back({chart.x().pixel(x), chart.y().pixel(x + bound)});
    }
    context.canvas.polyline(exact_line, {theme.faint, 1});
    context.canvas.polyline(bound_line, {theme.pending, 1, plot::Dash::dashed});
    draw_bound_name(context, chart, bound_line);
  }

  /// Draws the bound's label above its line, which rises to the right.
  static void draw_bound_name(PanelContext& context, const plot::Chart& chart,
                              std::span<const plot::Point> line) {
    const std::string words = "exact + " + std::string(bound_name(context));
    const plot::TextStyle style{.color = context.theme.pending,
                                .size = plot::TextSize::small,
                                .vertical = plot::VerticalAlign::bottom};
    const float left = chart.plot().left + context.theme.unit() * 0.5F;
    const float right = left + context.canvas.measure(words, style).width;
    float above = line.front().y;
    for (const plot::Point point : line) {
      if (point.x <= right) above = point.y;
    }
    // The name stands clear of dots and of the lines of the grid, inside the plot.
    const plot::Size size = context.canvas.measure(words, style);
    const float bottom = std::max(above - 2, chart.plot().top + size.height);
    context.canvas.fill({left - 2, bottom - size.height, right + 2, bottom},
                        context.theme.card.with_alpha(0.85));
    context.canvas.text({left, bottom}, words, style);
  }

  void hover(PanelContext& context, const view::AccuracyPoint& point) {
    context.selection.next_hover.position = point.position;
    if (context.pointer.clicked) context.selection.locked_position = point.position;
    const auto index = static_cast<std::size_t>(point.position);
    const bool known = index < context.history.tokens().size();
    const std::array<plot::ReadoutLine, 5> lines = {{
        {"position " + std::to_string(point.position) +
             (known ? " " + token_text(context.model).quoted(context.history.tokens()[index]) : ""),
         {},
         {}},
        {"estimate", plot::format_number(point.estimate), {}},
        {"exact", plot::format_number(point.exact), {}},
        {"error", plot::format_number(point.estimate - point.exact), {}},
        {point.stored ? "stored" : "evicted",
         {},
         point.stored ? context.theme.kept : context.theme.faint},
    }};
    plot::draw_readout(context.overlay, context.theme, *context.pointer.at,
                       {0, 0, context.area.right + context.theme.unit() * 20, 1e6F}, lines);
  }
};

}  // namespace

std::unique_ptr<Panel> make_accuracy_panel() {
  return std::make_unique<AccuracyPanel>();
}

}  // namespace sketchscope::panels
