#include <algorithm>
#include <cmath>
#include <limits>

#include "gui/panels/panel_registry.hpp"
#include "gui/panels/panel_text.hpp"
#include "gui/panels/step_chart.hpp"
#include "gui/plot/value_format.hpp"
#include "gui/view/closeness.hpp"
#include "gui/view/panel_data.hpp"

namespace sketchscope::panels {
namespace {

/// The range of the values that a chart shows.
struct ShownRange {
  double bottom = std::numeric_limits<double>::infinity();  ///< smallest positive value
  double top = 0;

  void hold(const PanelContext& context, const view::StepSeries& series) {
    hold(shown_part(context, series));
  }
  void hold(const PanelContext& context, const std::vector<OtherSeries>& others) {
    for (const OtherSeries& other : others) hold(shown_part(context, other.values));
  }

 private:
  void hold(std::span<const double> shown) {
    bottom = std::min(bottom, smallest_positive(shown));
    top = std::max(top, largest(shown));
  }
};

plot::ChartOptions divergence_chart(const PanelContext& context, const ShownRange& range) {
  return step_chart_options(
      context, divergence_axis(context.selection.divergence_scale, range.bottom, range.top),
      "KL, nats");
}

/// Returns the series of the chosen layer of the runs beside A.
template <auto member>
std::vector<OtherSeries> others_of_layer(const PanelContext& context) {
  const auto layer = static_cast<std::size_t>(context.selection.layer);
  return series_of_others(context, [&](const view::History& history) {
    const bool known = layer < history.layers().size();
    return known ? &history.layers()[layer].template series<member>() : nullptr;
  });
}

/// Draws a line for each layer, the thick one for the chosen layer, and that layer's of the runs
/// beside A. Beside more than one, and on paper, A has the chosen layer's line alone.
template <auto member>
void draw_layers(const PanelContext& context, plot::Chart& chart,
                 const std::vector<OtherSeries>& others) {
  const view::History& history = context.history;
  // Paper has little room, and its legend must tell the runs apart.
  const bool alone = others.size() > 1 || (context.print && !others.empty());
  const std::string layer = "'s L" + std::to_string(context.selection.layer);
  for (std::size_t index = 0; index < history.layers().size(); ++index) {
    const bool chosen = static_cast<int>(index) == context.selection.layer;
    if (alone && !chosen) continue;
    if (alone) {
      chart.line({.name = context.print ? "A" + layer : "A",
                  .x = history.steps(),
                  .y = history.layers()[index].template series<member>(),
                  .stroke = run_stroke(context.theme, 0)});
      continue;
    }
    chart.line({.name = "L" + std::to_string(index),
                .x = history.steps(),
                .y = history.layers()[index].template series<member>(),
                .stroke = layer_stroke(context.theme, index, history.layers().size(),
                                       chosen ? 2.0F : 1.0F)});
  }
  draw_others(context, chart, others, alone && !context.print ? std::string() : layer);
}

std::string with_scale(const PanelContext& context, const std::string& words) {
  return words + (context.selection.divergence_scale == plot::Scale::log10 ? ", log scale" : "");
}

/// The divergence of the next-token distribution from the full cache's over steps.
class NextTokenKlPanel final : public Panel {
 public:
  std::string_view name() const override { return "next-token-kl"; }
  std::string_view title() const override { return "Next-token KL"; }
  std::string_view help() const override {
    return "KL of the next-token distributions, full cache against lane: 0 means that the cap "
           "changed nothing. "
           "top-1: share of the 32 steps up to it in which both find the same next token the "
           "likeliest. A click locks the step for all panels.";
  }
  std::string subtitle(const PanelContext& context) const override {
    return with_scale(context, "nats, full against lane");
  }

  std::string readout(const PanelContext& context) const override {
    const record::StepRecord* record = context.shown();
    if (!record) return std::string(plot::kAbsent);
    const auto step = static_cast<std::size_t>(record->step);
    const view::DrawnTokens drawn = view::drawn_tokens(context.history.records().first(step + 1));
    return "KL " + plot::fixed_text(plot::or_missing(record->logit_kl), 3) + ", top-1 " +
           plot::format_percent(plot::or_missing(drawn.top1_agreement));
  }

  view::DataTable data(const PanelContext& context) const override {
    return view::steps_data(context.history);
  }

  void draw(PanelContext& context) override {
    const view::History& history = context.history;
    if (history.empty()) {
      return draw_not_there(context, "No step yet", "Press play: it is measured from step 0 on");
    }
    const view::StepSeries& kl = history.series<&record::StepRecord::logit_kl>();
    if (!has_values(kl)) {
      return draw_not_there(context, "Not measured: the twin is off",
                            "Knobs, Reference: switch the twin on");
    }
    const std::vector<OtherSeries> others = series_of_others(context, [](const view::History& run) {
      return &run.series<&record::StepRecord::logit_kl>();
    });
    ShownRange range;
    range.hold(context, kl);
    range.hold(context, others);
    plot::Chart chart(context.canvas, context.overlay, context.theme, context.area,
                      divergence_chart(context, range));
    chart.line({.name = others.empty() ? "KL" : "A",
                .x = history.steps(),
                .y = kl,
                .stroke = {context.theme.accent, 1.5F}});
    draw_others(context, chart, others);
    finish_step_chart(context, chart);
  }
};

struct Means {
  double attention_kl = plot::kMissing;
  double retained_mass = plot::kMissing;
};

Means means_over_layers(const record::StepRecord& record) {
  Means means{0, 0};
  for (const auto& layer : record.layers) {
    means.attention_kl += plot::or_missing(layer.attention_kl);
    means.retained_mass += plot::or_missing(layer.retained_mass);
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
    return with_scale(context, "nats, a line a layer");
  }

  std::string readout(const PanelContext& context) const override {
    const record::StepRecord* record = context.shown();
    if (!record) return std::string(plot::kAbsent);
    const Means means = means_over_layers(*record);
    return "mass " + plot::format_percent(means.retained_mass, 1) + ", KL " +
           plot::fixed_text(means.attention_kl, 3);
  }

  view::DataTable data(const PanelContext& context) const override {
    return view::layers_data(context.history);
  }

  void draw(PanelContext& context) override {
    const view::History& history = context.history;
    if (history.empty()) {
      return draw_not_there(context, "No step yet", "Press play: it is measured from step 0 on");
    }
    ShownRange range;
    bool measured = false;
    for (const auto& layer : history.layers()) {
      const view::StepSeries& kl = layer.series<&record::LayerRecord::attention_kl>();
      range.hold(context, kl);
      measured = measured || has_values(kl);
    }
    const auto others = others_of_layer<&record::LayerRecord::attention_kl>(context);
    range.hold(context, others);
    if (!measured) {
      return draw_not_there(context, "Not measured: the audit is off",
                            "Knobs, Reference: switch the audit on");
    }
    plot::Chart chart(context.canvas, context.overlay, context.theme, context.area,
                      divergence_chart(context, range));
    draw_layers<&record::LayerRecord::attention_kl>(context, chart, others);
    finish_step_chart(context, chart);
  }
};

/// The attention mass that falls on what is still stored, one line per layer.
class RetainedMassPanel final : public Panel {
 public:
  std::string_view name() const override { return "retained-mass"; }
  std::string_view title() const override { return "Retained mass"; }
  std::string_view help() const override {
    return "Share of the full cache's attention that falls on what is still stored, mean over "
           "heads, a line a layer: 1 means that nothing that is attended to was lost. A click "
           "locks the step.";
  }
  std::string subtitle(const PanelContext&) const override { return "of 1, a line a layer"; }
  std::string readout(const PanelContext& context) const override {
    const record::StepRecord* record = context.shown();
    if (!record) return std::string(plot::kAbsent);
    return "mean " + plot::format_percent(means_over_layers(*record).retained_mass, 1);
  }

  view::DataTable data(const PanelContext& context) const override {
    return view::layers_data(context.history);
  }

  void draw(PanelContext& context) override {
    const view::History& history = context.history;
    if (history.empty()) {
      return draw_not_there(context, "No step yet", "Press play: it is measured from step 0 on");
    }
    double bottom = 1;
    bool measured = false;
    for (const auto& layer : history.layers()) {
      const view::StepSeries& mass = layer.series<&record::LayerRecord::retained_mass>();
      measured = measured || has_values(mass);
      bottom = std::min(bottom, smallest_positive(shown_part(context, mass)));
    }
    if (!measured) {
      return draw_not_there(context, "Not measured: the audit is off",
                            "Knobs, Reference: switch the audit on");
    }
    const auto others = others_of_layer<&record::LayerRecord::retained_mass>(context);
    for (const OtherSeries& other : others) {
      bottom = std::min(bottom, smallest_positive(shown_part(context, other.values)));
    }
    // The axis ends at a tenth, so that it does not creep from step to step.
    const plot::AxisOptions axis{.minimum = std::floor(std::min(bottom, 0.9) * 10) / 10,
                                 .maximum = 1,
                                 .format = plot::format_number};
    plot::Chart chart(context.canvas, context.overlay, context.theme, context.area,
                      step_chart_options(context, axis, "mass"));
    draw_layers<&record::LayerRecord::retained_mass>(context, chart, others);
    finish_step_chart(context, chart);
  }
};

/// The running perplexity of the tokens that were given, of the lane, its twin and a compared run.
class PerplexityPanel final : public Panel {
 public:
  std::string_view name() const override { return "perplexity"; }
  std::string_view title() const override { return "Perplexity"; }
  std::string_view help() const override {
    return "Perplexity of the tokens that were given up to each step, under this cache, the full "
           "cache and a compared run. Tokens that a lane drew itself are not counted: it finds "
           "them likely whatever they are worth.";
  }
  std::string subtitle(const PanelContext& context) const override {
    const std::int64_t tokens = context.history.perplexity().given.tokens();
    return tokens > 0 ? plot::count_text(tokens) + " given tokens" : "";
  }
  std::string readout(const PanelContext& context) const override {
    const view::PerplexityHistory& given = context.history.perplexity().given;
    const auto step = context.shown_step();
    if (step < 0 || given.tokens() == 0) return {};
    const auto at = static_cast<std::size_t>(step);
    return plot::fixed_text(given.lane()[at], 2) + ", full " +
           plot::fixed_text(given.twin()[at], 2);
  }

  view::DataTable data(const PanelContext& context) const override {
    return view::steps_data(context.history);
  }

  void draw(PanelContext& context) override {
    const view::PerplexityHistory& given = context.history.perplexity().given;
    if (given.tokens() == 0) {
      return draw_not_there(context, "No token was given",
                            "Ctrl G gives a text: each of its tokens is scored");
    }
    const std::vector<OtherSeries> others = series_of_others(
        context, [](const view::History& run) { return &run.perplexity().given.lane(); });
    double top = std::max(largest(shown_part(context, given.lane())),
                          largest(shown_part(context, given.twin())));
    for (const OtherSeries& other : others) {
      top = std::max(top, largest(shown_part(context, other.values)));
    }
    plot::Chart chart(context.canvas, context.overlay, context.theme, context.area,
                      step_chart_options(context, plot::axis_from_zero(top), "perplexity"));
    chart.line({.name = others.empty() ? "lane" : "A",
                .x = context.history.steps(),
                .y = given.lane(),
                .stroke = {context.theme.accent, 1.5F}});
    chart.line({.name = "full cache",
                .x = context.history.steps(),
                .y = given.twin(),
                .stroke = {context.theme.quiet, 1, plot::Dash::dashed}});
    draw_others(context, chart, others);
    finish_step_chart(context, chart);
  }
};

}  // namespace

std::unique_ptr<Panel> make_retained_mass_panel() {
  return std::make_unique<RetainedMassPanel>();
}

std::unique_ptr<Panel> make_perplexity_panel() {
  return std::make_unique<PerplexityPanel>();
}

std::unique_ptr<Panel> make_next_token_kl_panel() {
  return std::make_unique<NextTokenKlPanel>();
}

std::unique_ptr<Panel> make_attention_kl_panel() {
  return std::make_unique<AttentionKlPanel>();
}

}  // namespace sketchscope::panels
