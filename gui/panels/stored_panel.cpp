#include <algorithm>
#include <cstdint>
#include <vector>

#include "gui/panels/panel_registry.hpp"
#include "gui/panels/panel_text.hpp"
#include "gui/panels/step_chart.hpp"
#include "gui/plot/value_format.hpp"
#include "gui/view/step_costs.hpp"

namespace sketchscope::panels {
namespace {

/// The positions stored by each layer over steps, with the capacity and the text's length.
class StoredPanel final : public Panel {
 public:
  std::string_view name() const override { return "stored"; }
  std::string_view title() const override { return "Stored"; }
  std::string_view help() const override {
    return "Positions that each layer's tables store over the steps; dotted, the slots they may "
           "fill, dashed, the positions fed so far. Layers that fill alike share a line. A click "
           "locks the step.";
  }
  std::string subtitle(const PanelContext&) const override { return "positions a table, by step"; }

  std::string readout(const PanelContext& context) const override {
    const record::StepRecord* record = context.shown();
    if (!record) return std::string(plot::kAbsent);
    const view::StoredRange range = view::stored_range(*record);
    const std::string least =
        range.least == range.most ? "" : plot::count_text(range.least) + " to ";
    return least + plot::count_text(range.most) + " of " + plot::count_text(record->position + 1);
  }

  view::DataTable data(const PanelContext& context) const override {
    return view::stored_data(context.history);
  }

  void draw(PanelContext& context) override {
    const view::History& history = context.history;
    if (history.empty()) {
      return draw_not_there(context, "Nothing is stored yet", "Press play to feed the prompt");
    }
    group(history);
    const plot::Theme& theme = context.theme;
    const std::vector<OtherSeries> others = stored_by_others(context);
    double top = most_stored(context, history);
    for (const OtherSeries& other : others) {
      top = std::max(top, largest(shown_part(context, other.values)));
    }
    plot::ChartOptions options = step_chart_options(
        context, plot::axis_from_zero(top * 1.1, plot::format_integer), "positions");
    plot::Chart chart(context.canvas, context.overlay, theme, context.area, options);
    chart.line({.name = "fed",
                .x = history.steps(),
                .y = fed_,
                .stroke = {theme.faint, 1, plot::Dash::dashed}});
    for (const view::StoredCurve& curve : curves_) draw_curve(context, chart, curve);
    draw_others(context, chart, others, "'s L" + std::to_string(context.selection.layer));
    finish_step_chart(context, chart);
  }

 private:
  /// Returns the largest stored count or capacity of any layer in the range shown.
  [[nodiscard]] double most_stored(const PanelContext& context,
                                   const view::History& history) const {
    double most = 0;
    for (const view::StoredCurve& curve : curves_) {
      const view::LayerHistory& layer =
          history.layers()[static_cast<std::size_t>(curve.layers.front())];
      most = std::max(
          {most, largest(shown_part(context, layer.series<&record::LayerRecord::stored>())),
           largest(shown_part(context, layer.series<&record::LayerRecord::capacity>()))});
    }
    return most;
  }

  void group(const view::History& history) {
    if (revision_ == history.revision()) return;
    revision_ = history.revision();
    if (generation_ != history.generation() || fed_.size() > history.size()) fed_.clear();
    generation_ = history.generation();
    if (fed_.empty() || !view::stay_alike(curves_, history, fed_.size())) {
      curves_ = view::stored_curves(history);
    }
    for (const record::RecordPointer& record : history.records().subspan(fed_.size()))
      fed_.push_back(record->position + 1);
  }

  void draw_curve(PanelContext& context, plot::Chart& chart, const view::StoredCurve& curve) const {
    const auto layers = context.history.layers();
    const view::LayerHistory& layer = layers[static_cast<std::size_t>(curve.layers.front())];
    const bool alone = curves_.size() == 1;
    const bool chosen =
        alone || std::ranges::find(curve.layers, context.selection.layer) != curve.layers.end();
    const float width = chosen ? 2.0F : 1.0F;
    const plot::Stroke stroke =
        alone ? plot::Stroke{context.theme.kept, width}
              : layer_stroke(context.theme, static_cast<std::size_t>(curve.layers.front()),
                             layers.size(), width);
    chart.line({.name = alone ? "cap" : "",
                .x = context.history.steps(),
                .y = layer.series<&record::LayerRecord::capacity>(),
                .stroke = {alone ? context.theme.pending : stroke.color, 1, plot::Dash::dotted}});
    chart.line({.name = curve.name,
                .x = context.history.steps(),
                .y = layer.series<&record::LayerRecord::stored>(),
                .stroke = stroke});
  }

  /// Returns what the chosen layer of the runs beside A stores.
  static std::vector<OtherSeries> stored_by_others(const PanelContext& context) {
    const auto layer = static_cast<std::size_t>(context.selection.layer);
    return series_of_others(context, [&](const view::History& run) {
      const bool known = layer < run.layers().size();
      return known ? &run.layers()[layer].series<&record::LayerRecord::stored>() : nullptr;
    });
  }

  std::vector<view::StoredCurve> curves_;
  view::StepSeries fed_;
  std::uint64_t revision_ = 0;
  std::uint64_t generation_ = 0;
};

}  // namespace

std::unique_ptr<Panel> make_stored_panel() {
  return std::make_unique<StoredPanel>();
}

}  // namespace sketchscope::panels
