#include <algorithm>

#include "gui/panels/panel_text.hpp"
#include "gui/panels/panels.hpp"
#include "gui/panels/step_chart.hpp"
#include "gui/view/panel_data.hpp"
#include "gui/view/quantity.hpp"

namespace sketchscope {
namespace {

/// The divergence of the next-token distribution from the full cache's over steps.
class NextTokenKlPanel final : public Panel {
 public:
  std::string_view name() const override { return "next-token-kl"; }
  std::string_view title() const override { return "Next-token KL"; }
  std::string_view help() const override {
    return "KL(full‖lane) of the next-token distributions: 0 means that the cap changed nothing. "
           "Beside it the perplexity of the tokens so far. A click locks the step for all panels.";
  }
  std::string subtitle(const PanelContext& context) const override {
    const bool decades = context.selection.divergence_scale == Scale::log10;
    return decades ? "nats, full against lane, log scale" : "nats, full against lane";
  }

  std::string readout(const PanelContext& context) const override {
    const StepRecord* record = context.shown();
    if (!record) return std::string(kAbsent);
    const auto index = static_cast<std::size_t>(record->step);
    return "ppl " + fixed_text(context.history.perplexity().lane()[index], 2) + ", twin " +
           fixed_text(context.history.perplexity().twin()[index], 2) + ", KL " +
           fixed_text(or_missing(record->logit_kl), 3);
  }

  DataTable data(const PanelContext& context) const override { return steps_data(context.history); }

  void draw(PanelContext& context) override {
    const History& history = context.history;
    if (history.empty()) {
      return draw_empty_state(context, "No step yet", "Press play: it is measured from step 0 on");
    }
    const StepSeries& kl = history.series<&StepRecord::logit_kl>();
    if (!has_values(kl)) {
      return draw_empty_state(context, "Not measured: the twin is off",
                              "Knobs, Reference: switch the twin on");
    }
    const auto shown = shown_part(context, kl);
    double bottom = smallest_positive(shown);
    double top = largest(shown);
    if (context.other) {
      const auto others = shown_part(context, context.other->series<&StepRecord::logit_kl>());
      bottom = std::min(bottom, smallest_positive(others));
      top = std::max(top, largest(others));
    }
    const AxisOptions axis = divergence_axis(context.selection.divergence_scale, bottom, top);
    Chart chart(context.canvas, context.overlay, context.theme, context.area,
                step_chart_options(context, axis));
    chart.line({.name = context.other ? "A" : "KL",
                .x = history.steps(),
                .y = kl,
                .stroke = {context.theme.accent, 1.5F}});
    if (context.other) {
      chart.line({.name = "B",
                  .x = context.other->steps(),
                  .y = context.other->series<&StepRecord::logit_kl>(),
                  .stroke = other_stroke(context.theme)});
    }
    finish_step_chart(context, chart);
  }
};

}  // namespace

std::unique_ptr<Panel> make_next_token_kl_panel() {
  return std::make_unique<NextTokenKlPanel>();
}

}  // namespace sketchscope
