#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "gui/panels/panel_registry.hpp"
#include "gui/panels/panel_text.hpp"
#include "gui/panels/row_scroll.hpp"
#include "gui/plot/value_format.hpp"
#include "gui/view/range_statistics.hpp"

namespace sketchscope::panels {
namespace {

constexpr std::array<std::string_view, 4> kColumns = {"mean", "p95", "max", "count"};
constexpr std::array<float, 4> kColumnEnds = {0.58F, 0.72F, 0.86F, 1};

view::StepSpan shown_steps(const PanelContext& context) {
  const auto steps = static_cast<std::int64_t>(context.history.size());
  return view::steps_in(context.selection.window.range(steps), steps);
}

/// Writes a value in the unit that its series' name tells.
std::string value_text(std::string_view series, double value) {
  const bool bytes = series.starts_with("memory.");
  return bytes ? plot::column_bytes(value) : plot::format_number(value);
}

/// The statistics of the steps that the time axes show, for every series.
class RangePanel final : public Panel {
 public:
  std::string_view name() const override { return "range"; }
  std::string_view title() const override { return "Range"; }
  std::string_view help() const override {
    return "Mean, 95th percentile, maximum and count of every series over the steps that the time "
           "axes show, and who left in them. The wheel or a drag on any time axis chooses the "
           "steps; a click on a line locks the step of its maximum.";
  }
  std::string subtitle(const PanelContext& context) const override {
    const view::StepSpan steps = shown_steps(context);
    if (steps.size() <= 0) return {};
    return "steps " + std::to_string(steps.first) + " to " + std::to_string(steps.last) + " · " +
           std::to_string(steps.size()) + " of " + std::to_string(context.history.size());
  }
  std::string readout(const PanelContext& context) const override {
    const view::RangePerplexity found = perplexity_.of(context.history, shown_steps(context));
    if (!found.lane || !found.given) return {};
    return "perplexity " + plot::fixed_text(*found.lane, 2) +
           (found.twin ? ", full " + plot::fixed_text(*found.twin, 2) : "");
  }

  view::DataTable data(const PanelContext& context) const override {
    if (context.history.empty()) return {};
    return view::range_data(context.history, shown_steps(context));
  }

  void draw(PanelContext& context) override {
    if (context.history.empty()) {
      return draw_not_there(context, "No step yet", "Press play: every step is counted");
    }
    update(context);
    const float pitch = context.theme.line_height();
    float top = context.area.top;
    for (const std::string& line : departures_) {
      if (top + pitch > context.area.bottom) return;
      context.canvas.text(
          {context.area.left, top},
          fitted_text(context.canvas, line, label_style(context.theme), context.area.width()),
          label_style(context.theme));
      top += pitch;
    }
    if (top + 2 * pitch > context.area.bottom) return;
    draw_head(context, top);
    draw_rows(context, {context.area.left, top + pitch, context.area.right, context.area.bottom});
  }

 private:
  void update(const PanelContext& context) {
    const view::StepSpan steps = shown_steps(context);
    const bool known = revision_ == context.history.revision() && steps.first == steps_.first &&
                       steps.last == steps_.last;
    if (known) return;
    revision_ = context.history.revision();
    steps_ = steps;
    rows_.clear();
    std::vector<view::RunSeries> all = view::all_series(context.history);
    if (generation_ != context.history.generation()) blank_.clear();
    generation_ = context.history.generation();
    blank_.resize(all.size(), 0);
    for (std::size_t index = 0; index < all.size(); ++index) {
      view::RunSeries& series = all[index];
      const view::StepSeries& values = *series.values;
      std::size_t& blank = blank_[index];
      while (blank < values.size() && !std::isfinite(values[blank])) ++blank;
      if (blank == values.size()) continue;
      // The mean of positions is left out, since it says nothing about how the tokens fared.
      const bool is_place = series.name == "position" || series.name == "prompt_tokens";
      if (!is_place && view::is_measured(values, steps)) rows_.push_back(std::move(series));
    }
    describe_departures(context, moving_departures_.of(context.history, steps));
  }

  void describe_departures(const PanelContext& context, const view::Departures& found) {
    departures_.clear();
    if (found.evictions == 0) {
      departures_.emplace_back("Nobody left in these steps.");
      return;
    }
    std::string line = plot::count_text(found.evictions) + " evictions of " +
                       plot::count_text(std::ssize(found.positions)) + " positions:";
    for (const auto& reason : found.reasons) {
      line += " " + plot::count_text(reason.evictions) + " " +
              std::string(record::reason_text(reason.reason)) + ",";
    }
    line.pop_back();
    departures_.push_back(line);
    const view::TokenText text = token_text(context.model);
    std::string words = "who:";
    constexpr std::size_t kMostNamed = 40;
    for (const int position : found.positions) {
      if (words.size() > 8 * kMostNamed) break;
      words += " " + text.of(context.history.tokens()[static_cast<std::size_t>(position)]) + "@" +
               std::to_string(position);
    }
    departures_.push_back(words);
  }

  static void draw_head(PanelContext& context, float top) {
    for (std::size_t column = 0; column < kColumns.size(); ++column) {
      context.canvas.text({context.area.left + context.area.width() * kColumnEnds[column], top},
                          kColumns[column], small_style(context.theme, plot::Align::right));
    }
    context.canvas.text({context.area.left, top}, "series", small_style(context.theme));
  }

  void draw_rows(PanelContext& context, const plot::Rect& area) {
    const float pitch = context.theme.line_height();
    const auto fit = static_cast<std::size_t>(std::max(area.height() / pitch, 0.0F));
    scroll_.follow_wheel(context, rows_.size() > fit ? rows_.size() - fit : 0);
    float top = area.top;
    for (std::size_t index = scroll_.skipped(); index < rows_.size() && top + pitch <= area.bottom;
         ++index) {
      draw_row(context, rows_[index], {area.left, top, area.right, top + pitch});
      top += pitch;
    }
    const plot::Rect beside{area.left, area.top, area.right + context.theme.unit() * 0.6F,
                            area.bottom};
    scroll_.draw_thumb(context, beside, rows_.size(), fit);
  }

  void draw_row(PanelContext& context, const view::RunSeries& row, const plot::Rect& line) {
    const plot::Theme& theme = context.theme;
    const view::Statistics own =
        statistics_[row.name].of(*row.values, steps_, context.history.generation());
    if (context.pointer.at && line.contains(*context.pointer.at)) {
      context.canvas.fill(line, theme.control, 3);
      context.selection.next_hover.step = own.step_of_most;
      if (context.pointer.clicked) context.selection.locked_step = own.step_of_most;
    }
    const float width = line.width();
    const plot::TextStyle label = label_style(theme);
    context.canvas.text({line.left, line.top},
                        fitted_text(context.canvas, row.name, label, width * 0.42F), label);
    const std::array<std::string, 4> values = {
        value_text(row.name, own.mean), value_text(row.name, own.p95),
        value_text(row.name, own.most), plot::count_text(static_cast<long long>(own.count))};
    const plot::TextStyle number = small_value_style(theme);
    for (std::size_t column = 0; column < values.size(); ++column) {
      context.canvas.text({line.left + width * kColumnEnds[column], line.top},
                          fitted_text(context.canvas, values[column], number, width * 0.135F),
                          number);
    }
  }

  std::uint64_t revision_ = 0;
  std::uint64_t generation_ = 0;
  view::StepSpan steps_;
  std::vector<std::size_t> blank_;  ///< by series: how many steps from the first were not measured
  std::vector<view::RunSeries> rows_;                         ///< those with a value in steps_
  std::map<std::string, view::MovingStatistics> statistics_;  ///< of those that were drawn
  view::MovingDepartures moving_departures_;
  mutable view::GrowingPerplexity perplexity_;  // only remembers what was read
  std::vector<std::string> departures_;
  RowScroll scroll_;
};

}  // namespace

std::unique_ptr<Panel> make_range_panel() {
  return std::make_unique<RangePanel>();
}

}  // namespace sketchscope::panels
