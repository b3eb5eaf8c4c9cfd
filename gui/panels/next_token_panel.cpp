#include <algorithm>
#include <cmath>

#include "gui/panels/panel_registry.hpp"
#include "gui/panels/panel_text.hpp"
#include "gui/plot/value_format.hpp"
#include "gui/view/panel_data.hpp"
#include "gui/view/token_text.hpp"

namespace sketchscope::panels {
namespace {

/// The most likely next tokens, the lane's bar above the twin's.
class NextTokenPanel final : public Panel {
 public:
  std::string_view name() const override { return "next-token"; }
  std::string_view title() const override { return "Next token"; }
  std::string_view help() const override {
    return "The likeliest next tokens at the step shown: the bright bar is the capped lane, the "
           "grey one its full-cache twin. A bar as long as its track is 100 %. A dot marks the "
           "token that was drawn.";
  }
  std::string subtitle(const PanelContext& context) const override {
    const record::StepRecord* record = context.shown();
    if (!record) return {};
    const std::string lanes = record->logit_kl ? "lane over twin" : "lane";
    return lanes + " · entropy " + plot::fixed_text(record->entropy, 2) + " nats";
  }

  std::string readout(const PanelContext& context) const override {
    const record::StepRecord* record = context.shown();
    if (!record || !record->top1_agrees) return std::string(plot::kAbsent);
    if (*record->top1_agrees) return "top-1 agrees";
    const auto rank = record->top_rank_under_twin;
    return rank ? "top-1 is the twin's #" + std::to_string(*rank) : "top-1 differs";
  }

  RowsOf rows_of() const override { return RowsOf::step; }
  view::DataTable data(const PanelContext& context) const override {
    const record::StepRecord* record = context.shown();
    return record ? view::candidates_data(*record, token_text(context.model)) : view::DataTable();
  }

  void draw(PanelContext& context) override {
    const record::StepRecord* record = context.shown();
    if (!record || record->candidates.empty()) {
      return draw_not_there(context, "No prediction yet", "Press play");
    }
    if (tokenizer_ != context.model.tokenizer.get()) {
      tokenizer_ = context.model.tokenizer.get();
      text_ = token_text(context.model);
    }
    const float row = context.theme.line_height();
    const auto rows = static_cast<std::size_t>(context.area.height() / row);
    const auto bars = view::next_token_bars(*record, drawn_token(context, *record), rows, text_);
    const float pitch =
        std::min(context.area.height() / static_cast<float>(bars.size()), row * 1.3F);
    for (std::size_t index = 0; index < bars.size(); ++index) {
      const float top = context.area.top + pitch * static_cast<float>(index);
      draw_bar(context, bars[index], {context.area.left, top, context.area.right, top + pitch});
    }
  }

 private:
  /// Returns the token that followed: the next record's, or the one drawn last.
  static int drawn_token(const PanelContext& context, const record::StepRecord& record) {
    const record::StepRecord* next = context.history.at(record.step + 1);
    if (next) return next->tokens.empty() ? -1 : next->tokens.front();
    return context.state.steps == record.step + 1 ? context.state.next_token : -1;
  }

  /// Draws the bars of a token. The track behind them is as long as a certain token's, so that bars
  /// of all steps compare.
  static void draw_bar(PanelContext& context, const view::NextTokenBar& bar,
                       const plot::Rect& row) {
    const plot::Theme& theme = context.theme;
    const float unit = theme.unit();
    const float middle = row.center().y;
    const float label_right = row.left + unit * 7.4F;
    const float twin_left = row.right - unit * 4.2F;
    const float lane_right = twin_left - unit * 0.4F;
    const float bars_left = label_right + unit * 1.1F;
    const float bars_right = lane_right - unit * 4.4F;

    plot::TextStyle label{.color = theme.text, .align = plot::Align::right};
    label.vertical = plot::VerticalAlign::middle;
    if (bar.drawn) {
      context.canvas.fill_circle({label_right + unit * 0.5F, middle}, unit * 0.2F, theme.accent);
    }
    context.canvas.text({label_right, middle},
                        fitted_text(context.canvas, bar.text, label, unit * 7), label);

    const auto length = [&](double probability) {
      return static_cast<float>(probability) * (bars_right - bars_left);
    };
    const float thick = std::max(3.0F, row.height() * 0.24F);
    context.canvas.fill({bars_left, middle - thick - 0.5F, bars_right, middle + thick + 0.5F},
                        theme.control, 1);
    context.canvas.fill(
        {bars_left, middle - thick - 0.5F, bars_left + length(bar.lane), middle - 0.5F},
        theme.accent, 1);
    if (std::isfinite(bar.twin)) {
      context.canvas.fill(
          {bars_left, middle + 0.5F, bars_left + length(bar.twin), middle + thick + 0.5F},
          theme.faint, 1);
    }
    plot::TextStyle number = in_middle(value_style(theme));
    context.canvas.text({lane_right, middle}, plot::format_probability(bar.lane), number);
    number.color = theme.quiet;
    context.canvas.text({row.right, middle}, plot::format_probability(bar.twin), number);
  }

  const text::Tokenizer* tokenizer_ = nullptr;
  view::TokenText text_;
};

}  // namespace

std::unique_ptr<Panel> make_next_token_panel() {
  return std::make_unique<NextTokenPanel>();
}

}  // namespace sketchscope::panels
