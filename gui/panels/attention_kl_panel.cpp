#include <algorithm>
#include <limits>

#include "gui/panels/panel_text.hpp"
#include "gui/panels/panels.hpp"
#include "gui/panels/step_chart.hpp"
#include "gui/view/panel_data.hpp"
#include "gui/view/quantity.hpp"

namespace sketchscope {
namespace {

struct Means {
  double attention_kl = kMissing;
  double retained_mass = kMissing;
};

Means means_over_layers(const StepRecord& record) {
  Means means{0, 0};
  for (const auto& layer : record.layers) {
    means.attention_kl += or_missing(layer.attention_kl);
    means.retained_mass += or_missing(layer.retained_mass);
  }
  const auto count = static_cast<double>(record.layers.size());
  return {means.attention_kl / count, means.retained_mass / count};
}

/// The attention lost to evictions, one line per layer.
class AttentionKlPanel final : public Panel {
 public:
  std::string_view name() const override { return "attention-kl"; }
  std::string_view title() const override { return "Attention KL"; }
  std::string_view help() const override {
    return "−ln of the retained mass: the attention mass that falls on what is still stored, mean "
           "over heads. Above, that mass and its KL, means over the layers. The line of the chosen "
           "layer is the thick one. A click locks the step.";
  }
  std::string subtitle(const PanelContext& context) const override {
    const bool decades = context.selection.divergence_scale == Scale::log10;
    return decades ? "nats, a line a layer, log scale" : "nats, a line a layer";
  }

  std::string readout(const PanelContext& context) const override {
    const StepRecord* record = context.shown();
    if (!record) return std::string(kAbsent);
    const Means means = means_over_layers(*record);
    return "mass " + percent_text(means.retained_mass, 1) + ", KL " +
           fixed_text(means.attention_kl, 3);
  }

  DataTable data(const PanelContext& context) const override {
    return layers_data(context.history);
  }

  void draw(PanelContext& context) override {
    const History& history = context.history;
    if (history.empty()) {
      return draw_empty_state(context, "No step yet", "Press play: it is measured from step 0 on");
    }
    double top = 0;
    double bottom = std::numeric_limits<double>::infinity();
    bool measured = false;
    for (const auto& layer : history.layers()) {
      const StepSeries& kl = layer.series<&LayerRecord::attention_kl>();
      const auto shown = shown_part(context, kl);
      top = std::max(top, largest(shown));
      bottom = std::min(bottom, smallest_positive(shown));
      measured = measured || has_values(kl);
    }
    const StepSeries* others = others_of_layer(context);
    if (others) {
      const auto shown = shown_part(context, *others);
      top = std::max(top, largest(shown));
      bottom = std::min(bottom, smallest_positive(shown));
    }
    if (!measured) {
      return draw_empty_state(context, "Not measured: the audit is off",
                              "Knobs, Reference: switch the audit on");
    }
    Chart chart(context.canvas, context.overlay, context.theme, context.area,
                step_chart_options(
                    context, divergence_axis(context.selection.divergence_scale, bottom, top)));
    for (std::size_t index = 0; index < history.layers().size(); ++index) {
      const bool chosen = static_cast<int>(index) == context.selection.layer;
      chart.line({.name = "L" + std::to_string(index),
                  .x = history.steps(),
                  .y = history.layers()[index].series<&LayerRecord::attention_kl>(),
                  .stroke = {layer_color(context.theme, index, history.layers().size()),
                             chosen ? 2.0F : 1.0F}});
    }
    if (others) {
      chart.line({.name = "B's L" + std::to_string(context.selection.layer),
                  .x = context.other->steps(),
                  .y = *others,
                  .stroke = other_stroke(context.theme)});
    }
    finish_step_chart(context, chart);
  }

 private:
  /// Returns the compared run's series of the chosen layer; null if there is none.
  static const StepSeries* others_of_layer(const PanelContext& context) {
    const auto layer = static_cast<std::size_t>(context.selection.layer);
    const bool known = context.other && layer < context.other->layers().size();
    return known ? &context.other->layers()[layer].series<&LayerRecord::attention_kl>() : nullptr;
  }
};

}  // namespace

std::unique_ptr<Panel> make_attention_kl_panel() {
  return std::make_unique<AttentionKlPanel>();
}

}  // namespace sketchscope
