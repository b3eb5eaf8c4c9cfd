#include <imgui.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "gui/panels/knob_editor.hpp"
#include "gui/panels/panel_registry.hpp"
#include "gui/panels/panel_text.hpp"
#include "gui/panels/step_chart.hpp"
#include "gui/plot/value_format.hpp"
#include "gui/view/comparison.hpp"
#include "gui/view/run_set.hpp"

namespace sketchscope::panels {
namespace {

/// Returns the value of an aligned series at a step; kMissing if it has none there.
double value_at(const view::AlignedSeries& series, std::int64_t step) {
  const auto x = series.x.first(std::min(series.x.size(), series.y.size()));
  const auto found = std::ranges::lower_bound(x, static_cast<double>(step));
  if (found == x.end() || *found != static_cast<double>(step)) return plot::kMissing;
  return series.y[static_cast<std::size_t>(found - x.begin())];
}

std::string difference_words(const view::RunFigureKind& kind, double difference) {
  if (!std::isfinite(difference)) return std::string(plot::kAbsent);
  const std::string size = view::in_points(kind.format(std::abs(difference)));
  return (difference < 0 ? "−" : "+") + size;
}

/// All runs of the session, and saved ones, over each other: a curve a run, and a list of them.
class RunsPanel final : public Panel {
 public:
  std::string_view name() const override { return "runs"; }
  std::string_view title() const override { return "Runs"; }
  std::string_view help() const override {
    return "Up to eight runs over each other by A's steps, each at the same position: those of the "
           "session, which are fed the same tokens, and saved ones. The list has means over the "
           "steps that the axes show, or values at the step pointed at. In it a click on a "
           "letter hides that run in all charts, one on its line makes it the run that the others "
           "are compared with, one on × removes it. Runs that differ by their seeds alone can be "
           "drawn as one: their mean, and a band from the least to the largest.";
  }
  std::string subtitle(const PanelContext& context) const override {
    if (!several(context)) return {};
    const view::RunSetChoice& choice = context.runs->choice;
    std::string words = "by A's steps";
    if (choice.difference) words += " · less " + view::run_letter(choice.reference);
    if (choice.smoothing > 1) {
      words += " · mean of the latest " + std::to_string(choice.smoothing) + " steps";
    }
    return words;
  }
  std::string readout(const PanelContext& context) const override {
    if (!several(context)) return {};
    const auto count = context.runs->runs.size();
    return std::to_string(count) + (count == 1 ? " run" : " runs");
  }
  RowsOf rows_of() const override { return RowsOf::everything; }
  view::DataTable data(const PanelContext& context) const override {
    if (!several(context)) return {};
    return view::curves_data(*context.runs, view::run_curves(*context.runs, layer_of(context)));
  }

  void draw(PanelContext& context) override {
    if (!several(context)) {
      return draw_empty_state(context, "There is one run",
                              "Shift D keeps these knobs as another run beside it");
    }
    const plot::Rect& area = context.area;
    const float unit = context.theme.unit();
    constexpr float kListInUnits = 24;
    update(context);
    if (context.print && area.width() < 2 * kListInUnits * unit) return draw_stacked(context);
    const float list = std::clamp(area.width() * 0.36F, kListInUnits * unit, 40 * unit);
    const float split = std::max(area.right - list, area.left + area.width() * 0.4F);
    const float top = draw_controls(context, {area.left, area.top, split - unit, area.bottom});
    draw_chart(context, {area.left, top, split - unit, area.bottom});
    draw_list(context, {split, area.top, area.right, area.bottom});
  }

 private:
  static bool several(const PanelContext& context) {
    return context.runs != nullptr && context.runs->runs.size() > 1 && !context.history.empty();
  }
  static std::size_t layer_of(const PanelContext& context) {
    return static_cast<std::size_t>(std::max(context.selection.layer, 0));
  }
  static const view::RunFigureKind& figure(const PanelContext& context) {
    return view::run_figure_kinds()[context.runs->choice.figure];
  }

  /// Draws the list below the chart, for paper that is too narrow for both beside each other.
  void draw_stacked(PanelContext& context) {
    const plot::Rect& area = context.area;
    const float lines = static_cast<float>(context.runs->runs.size()) + 1;
    const float list = std::min(lines * context.theme.line_height(), area.height() * 0.45F);
    const float split = area.bottom - list;
    draw_chart(context, {area.left, area.top, area.right, split - context.theme.unit() * 0.5F});
    draw_list(context, {area.left, split, area.right, area.bottom});
  }

  /// Draws the figure's name with its list, and the ways of drawing. Returns the lower end.
  static float draw_controls(PanelContext& context, const plot::Rect& area) {
    const plot::Theme& theme = context.theme;
    if (context.print) return area.top;
    view::RunSetChoice& choice = context.runs->choice;
    const float height = theme.line_height();
    float left = area.left;
    const float middle = area.top + height / 2;
    const auto word = [&](const std::string& path, const std::string& words, bool on,
                          std::string_view help) {
      plot::TextStyle style = in_middle(label_style(theme));
      style.size = plot::TextSize::small;
      if (on) style.color = theme.accent;
      const float width = context.canvas.measure(words, style).width;
      const plot::Rect place{left, area.top, left + width, area.top + height};
      if (place.right > area.right) return false;
      const bool hovered = context.pointer.at && place.contains(*context.pointer.at);
      if (hovered && !on) style.color = theme.text;
      context.canvas.text({left, middle}, words, style);
      context.items.note(path, place);
      widgets::help_on_hover(place, help);
      left += width + theme.unit();
      return hovered && context.pointer.clicked;
    };
    const std::string layer = " · L" + std::to_string(context.selection.layer);
    const view::RunFigureKind& kind = figure(context);
    if (word("Runs/figure", std::string(kind.title) + (kind.by_layer ? layer : ""), false,
             "Another figure: a click shows the list")) {
      ImGui::OpenPopup("figures");
    }
    left = draw_arrow(context, {left - theme.unit() * 0.6F, middle});
    draw_figures(context, {area.left, area.top + height});
    if (word("Runs/difference", "less " + view::run_letter(choice.reference), choice.difference,
             "Differences to the run that was chosen in the list")) {
      choice.difference = !choice.difference;
    }
    if (word("Runs/by_seed", "band over seeds", choice.by_seed,
             "Runs that differ by their seeds alone as one curve: their mean, and their range")) {
      choice.by_seed = !choice.by_seed;
    }
    const bool smooth = choice.smoothing > 1;
    const std::string steps = smooth ? " over " + std::to_string(choice.smoothing) : "";
    if (word("Runs/smooth", "smooth" + steps, smooth,
             "Means of the latest 4, 16 or 64 steps, or the values themselves")) {
      const auto now = std::ranges::find(view::kSmoothings, choice.smoothing);
      const bool last = now == view::kSmoothings.end() || now + 1 == view::kSmoothings.end();
      choice.smoothing = last ? view::kSmoothings.front() : *(now + 1);
    }
    return area.top + height;
  }

  /// Draws the arrow of a list. Returns where what follows begins.
  static float draw_arrow(PanelContext& context, plot::Point at) {
    const float half = context.theme.unit() * 0.22F;
    const std::array<plot::Point, 3> points = {plot::Point{at.x, at.y - half * 0.6F},
                                               plot::Point{at.x + half, at.y + half * 0.6F},
                                               plot::Point{at.x + 2 * half, at.y - half * 0.6F}};
    context.canvas.polyline(points, {context.theme.quiet, 1.3F});
    return at.x + 2 * half + context.theme.unit();
  }

  static void draw_figures(PanelContext& context, plot::Point at) {
    ImGui::SetNextWindowPos({at.x, at.y});
    if (!ImGui::BeginPopup("figures")) return;
    const auto kinds = view::run_figure_kinds();
    for (std::size_t index = 0; index < kinds.size(); ++index) {
      const bool chosen = index == context.runs->choice.figure;
      const std::string title(kinds[index].title);
      if (ImGui::Selectable(title.c_str(), chosen)) context.runs->choice.figure = index;
      widgets::note_widget(context.items, "Runs/figure/" + std::string(kinds[index].name));
    }
    ImGui::EndPopup();
  }

  /// Computes the curves anew if a run or the choice has changed.
  void update(const PanelContext& context) {
    Drawn drawn{.choice = context.runs->choice, .layer = layer_of(context), .runs = {}};
    for (const view::SetRun& run : context.runs->runs) {
      drawn.runs.push_back({run.place, run.history->generation(), run.history->revision()});
    }
    if (drawn == drawn_) return;
    drawn_ = std::move(drawn);
    curves_ = view::run_curves(*context.runs, layer_of(context));
  }

  [[nodiscard]] plot::AxisOptions axis(const PanelContext& context) const {
    double low = 0;
    double high = 0;
    bool any = false;
    const auto hold = [&](const view::StepSeries& values) {
      for (const double value : shown_part(context, values)) {
        if (!std::isfinite(value)) continue;
        low = any ? std::min(low, value) : value;
        high = any ? std::max(high, value) : value;
        any = true;
      }
    };
    for (const view::RunCurve& curve : curves_) {
      hold(curve.runs > 1 ? curve.low : curve.values);
      if (curve.runs > 1) hold(curve.high);
    }
    const view::RunFigureKind& kind = figure(context);
    const bool difference = context.runs->choice.difference;
    if (kind.from_zero && !difference) return plot::axis_from_zero(high, kind.axis_format);
    if (difference) low = std::min(low, 0.0);
    if (difference) high = std::max(high, 0.0);
    const double margin = std::max((high - low) * 0.06, 1e-9);
    return {.minimum = low - margin, .maximum = high + margin, .format = kind.axis_format};
  }

  void draw_chart(PanelContext& context, const plot::Rect& area) const {
    const std::string title(figure(context).title);
    plot::ChartOptions options = step_chart_options(context, axis(context), title);
    // The list is the legend; on paper there is none, so the chart has its own.
    if (!context.print) {
      options.legend = plot::Legend::none;
      options.y_label.clear();
    }
    plot::Chart chart(context.canvas, context.overlay, context.theme, area, options);
    const view::StepSeries& steps = context.history.steps();
    for (const view::RunCurve& curve : curves_) {
      if (curve.runs == 1) continue;
      chart.band({.name = {}, .x = steps, .y = curve.low, .stroke = {}},
                 {.name = {}, .x = steps, .y = curve.high, .stroke = {}},
                 context.theme.runs.at(curve.place).with_alpha(0.25));
    }
    // A is drawn last, so that it is not hidden.
    for (auto curve = curves_.rbegin(); curve != curves_.rend(); ++curve) {
      chart.line({.name = curve->name,
                  .x = steps,
                  .y = curve->values,
                  .stroke = run_stroke(context.theme, curve->place)});
    }
    finish_step_chart(context, chart);
  }

  /// The right ends of the columns of values, as shares of the list's width.
  static constexpr std::array<float, 2> kColumnEnds = {0.72F, 0.93F};

  void draw_list(PanelContext& context, const plot::Rect& area) {
    const plot::Theme& theme = context.theme;
    const float pitch = theme.line_height();
    const auto end = [&](std::size_t column) {
      return area.left + area.width() * kColumnEnds[column];
    };
    const plot::TextStyle head = small_style(theme, plot::Align::right);
    context.canvas.text({area.left + theme.unit() * 1.9F, area.top}, "run", small_style(theme));
    context.canvas.text({end(0), area.top}, at_a_step(context) ? "at the step" : "mean", head);
    context.canvas.text({end(1), area.top},
                        "less " + view::run_letter(context.runs->choice.reference), head);
    float top = area.top + pitch * 0.95F;
    context.canvas.line({area.left, top - pitch * 0.15F}, {area.right, top - pitch * 0.15F},
                        {theme.border});
    const view::SetRun* reference = context.runs->at(context.runs->choice.reference);
    const double of_reference =
        reference != nullptr ? value_of_run(context, *reference) : plot::kMissing;
    for (const view::SetRun& run : context.runs->runs) {
      if (top + pitch > area.bottom + 1) break;
      draw_run(context, run, of_reference, {area.left, top, area.right, top + pitch});
      top += pitch;
    }
  }

  /// Returns whether a person points at a step: then the list has values there, else means.
  static bool at_a_step(const PanelContext& context) {
    return context.selection.hover.step || context.selection.locked_step;
  }

  /// Returns the value at the step pointed at, else the mean over the steps that the axes show.
  static double value_of_run(const PanelContext& context, const view::SetRun& run) {
    const view::StepSeries* series = figure(context).of(*run.history, layer_of(context));
    if (series == nullptr) return plot::kMissing;
    const view::AlignedSeries values = view::aligned(context.history, *run.history, *series);
    if (at_a_step(context)) return value_at(values, context.shown_step());
    double sum = 0;
    int count = 0;
    for (const double value : shown_part(context, values)) {
      if (!std::isfinite(value)) continue;
      sum += value;
      ++count;
    }
    return count > 0 ? sum / count : plot::kMissing;
  }

  static void draw_run(PanelContext& context, const view::SetRun& run, double of_reference,
                       const plot::Rect& line) {
    const plot::Theme& theme = context.theme;
    view::RunSetChoice& choice = context.runs->choice;
    const bool shown = context.runs->shows(run);
    const bool is_reference = run.place == choice.reference;
    const std::string path = "Runs/" + view::run_letter(run.place);
    const float unit = theme.unit();
    const plot::Rect letter{line.left, line.top, line.left + unit * 1.7F, line.bottom};
    const plot::Rect remove{line.right - unit * 1.6F, line.top, line.right, line.bottom};
    const bool hovered = context.pointer.at && line.contains(*context.pointer.at);
    const bool removable = run.place != 0;
    if (hovered || is_reference) context.canvas.fill(line, theme.control, theme.rounding() * 0.5F);
    draw_letter(context, run, shown, letter);

    plot::TextStyle words = in_middle(label_style(theme));
    plot::TextStyle number = in_middle(small_value_style(theme));
    words.size = plot::TextSize::small;
    words.color = !shown ? theme.faint : is_reference ? theme.text : theme.quiet;
    if (!shown) number.color = theme.faint;
    const float middle = line.center().y;
    const float left = letter.right + unit * 0.3F;
    const double value = value_of_run(context, run);
    const std::string value_words = figure(context).format(value);
    const float first = line.left + line.width() * kColumnEnds[0];
    const float room = first - context.canvas.measure(value_words, number).width - unit - left;
    context.canvas.text({left, middle}, fitted_text(context.canvas, run.name, words, room), words);
    context.canvas.text({first, middle}, value_words, number);
    if (!is_reference) {
      number.color = shown ? theme.quiet : theme.faint;
      context.canvas.text({line.left + line.width() * kColumnEnds[1], middle},
                          difference_words(figure(context), value - of_reference), number);
    }
    if (removable && hovered) {
      context.canvas.text(remove.center(), "×",
                          {.color = theme.text,
                           .align = plot::Align::center,
                           .vertical = plot::VerticalAlign::middle});
    }
    context.items.note(path, {left, line.top, remove.left, line.bottom});
    context.items.note(path + "/letter", letter);
    if (removable) context.items.note(path + "/remove", remove);
    widgets::help_on_hover({left, line.top, remove.left, line.bottom}, run.name);
    if (!hovered || !context.pointer.clicked) return;
    if (letter.contains(*context.pointer.at)) {
      choice.hidden[run.place] = shown;
    } else if (removable && remove.contains(*context.pointer.at)) {
      context.run_action("remove_run_" + view::run_name(run.place));
    } else {
      choice.reference = run.place;
    }
  }

  /// Draws a run's letter on its colour, or in an outline if the run is hidden.
  static void draw_letter(PanelContext& context, const view::SetRun& run, bool shown,
                          const plot::Rect& place) {
    const plot::Theme& theme = context.theme;
    const float half = theme.small_text * 0.66F;
    const plot::Point center{place.left + half + theme.unit() * 0.2F, place.center().y};
    const plot::Rect box{center.x - half, center.y - half, center.x + half, center.y + half};
    const plot::Color color = theme.runs.at(run.place);
    const plot::Color on_color =
        plot::contrast(color, theme.card) > plot::contrast(color, theme.text) ? theme.card
                                                                              : theme.text;
    if (shown) {
      context.canvas.fill(box, color, 3);
    } else {
      context.canvas.rect(box, {theme.faint}, 3);
    }
    context.canvas.text(center, view::run_letter(run.place),
                        {.color = shown ? on_color : theme.faint,
                         .face = plot::Face::sans_bold,
                         .size = plot::TextSize::small,
                         .align = plot::Align::center,
                         .vertical = plot::VerticalAlign::middle});
  }

  /// What the curves were computed from.
  struct Drawn {
    view::RunSetChoice choice;
    std::size_t layer = 0;
    std::vector<std::array<std::uint64_t, 3>> runs;  ///< place, generation, revision
    friend bool operator==(const Drawn&, const Drawn&) = default;
  };

  Drawn drawn_;
  std::vector<view::RunCurve> curves_;
};

}  // namespace

std::unique_ptr<Panel> make_runs_panel() {
  return std::make_unique<RunsPanel>();
}

}  // namespace sketchscope::panels
