#include <imgui.h>

#include <algorithm>
#include <cmath>

#include "engine/branch/branch_run.hpp"
#include "gui/panels/knob_editor.hpp"
#include "gui/panels/panel_registry.hpp"
#include "gui/panels/panel_text.hpp"
#include "gui/panels/path_list.hpp"
#include "gui/plot/chart.hpp"
#include "gui/plot/value_format.hpp"
#include "gui/view/panel_data.hpp"
#include "gui/view/path_picture.hpp"
#include "gui/widgets/controls.hpp"

namespace sketchscope::panels {
namespace {

constexpr std::size_t kChoices = 8;

/// The paths of a branching run as a tree with their texts, the watched path's entropy with the
/// threshold, alternative tokens, and costs.
class BranchingPanel final : public Panel {
 public:
  std::string_view name() const override { return "branching"; }
  std::string_view title() const override { return "Branching"; }
  std::string_view help() const override {
    return "Paths from the prompt on: thick where much probability goes, coloured by the entropy "
           "of the token; the line beneath marks pages of the cache that paths share. All panels "
           "show the watched path, which a click chooses and which stays so when others become "
           "likelier; paths are numbered as they came, ranked by probability. Drag the threshold "
           "in the curve below.";
  }

  std::string subtitle(const PanelContext& context) const override {
    if (!context.state.branching) return {};
    const auto live = std::ranges::count(context.state.branching->tree.paths(),
                                         branch::PathState::live, &branch::PathTree::Path::state);
    const std::string paths = live > 0 ? plot::count_text(live) + " live paths" : "all paths ended";
    return paths + " · thick: probable · bright: uncertain · underlined: page shared";
  }

  std::string readout(const PanelContext& context) const override {
    if (!context.state.branching) return {};
    return view::watched_text(*context.state.branching);
  }

  RowsOf rows_of() const override { return RowsOf::everything; }
  view::DataTable data(const PanelContext& context) const override {
    return context.state.branching
               ? view::paths_data(*context.state.branching, token_text(context.model))
               : view::DataTable();
  }

  void draw(PanelContext& context) override {
    if (!context.state.branching) {
      return draw_not_there(context, "No branching run",
                            "Ctrl B branches from the prompt where the model is unsure");
    }
    if (shown_ != context.state.branching) {
      shown_ = context.state.branching;
      picture_ = view::path_picture(*shown_);
      entropies_ = view::entropies_of(shown_->tree, shown_->watched);
    }
    const float unit = context.theme.unit();
    const plot::Rect& area = context.area;
    const float meters_top = area.bottom - unit * 3.3F;
    const float choices_top = meters_top - unit * 2.3F;
    const float curve_top = choices_top - std::clamp(area.height() * 0.26F, unit * 7, unit * 12);
    draw_path_list(context, picture_, {area.left, area.top, area.right, curve_top - unit * 0.6F});
    const float knobs_left = area.right - std::min(unit * 19, area.width() * 0.3F);
    draw_curve(context,
               {area.left, curve_top, knobs_left - unit * 1.5F, choices_top - unit * 0.4F});
    draw_knobs(context, {knobs_left, curve_top, area.right, choices_top});
    draw_choices(context, {area.left, choices_top, area.right, meters_top});
    draw_meters(context, {area.left, meters_top, area.right, area.bottom});
  }

 private:
  void draw_knobs(PanelContext context, const plot::Rect& area) {
    context.area = area;
    float top = area.top;
    const auto rows = view::knob_rows(settings::KnobGroup::branching, context.state,
                                      context.model.config.positions);
    const float tallest = area.height() / static_cast<float>(std::max<std::size_t>(rows.size(), 1));
    for (const view::KnobRow& row : rows) top = editor_.draw(context, row, top, tallest);
  }

  void draw_curve(PanelContext& context, const plot::Rect& area) {
    const plot::Theme& theme = context.theme;
    std::vector<double> positions;
    for (std::size_t at = 0; at < entropies_.size(); ++at) {
      positions.push_back(static_cast<double>(shown_->tree.prompt_tokens()) +
                          static_cast<double>(at));
    }
    const double first = positions.empty() ? 0 : positions.front();
    const double threshold = context.state.wanted.threshold;
    const double top = std::max(
        {0.5, threshold * 1.15,
         entropies_.empty() ? 0 : *std::max_element(entropies_.begin(), entropies_.end()) * 1.05});
    plot::Chart chart(
        context.canvas, context.overlay, theme, area,
        {.x = plot::integer_axis(first, std::max(first + picture_.deepest - 1, first + 1)),
         .y = {.minimum = 0, .maximum = std::min(top, 1.0)},
         .x_label = "position",
         .y_label = "entropy, of ln V",
         .pointer = context.pointer.at});
    chart.bars({.name = "entropy of path " + std::to_string(shown_->watched),
                .x = positions,
                .y = entropies_,
                .stroke = {theme.categories[0].with_alpha(0.75)}},
               0.7);
    drag_threshold(context, chart);
    chart.level(threshold, "threshold " + plot::fixed_text(threshold, 2), {theme.pending, 1.5F});
    chart.finish();
  }

  static void drag_threshold(PanelContext& context, const plot::Chart& chart) {
    const plot::Rect& plot = chart.plot();
    ImGui::SetCursorScreenPos({plot.left, plot.top});
    ImGui::InvisibleButton("threshold", {plot.width(), plot.height()});
    context.items.note("Branching/threshold", plot);
    if (ImGui::IsItemHovered()) ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeNS);
    if (!ImGui::IsItemActive()) return;
    const double value = std::clamp(chart.y().value(ImGui::GetIO().MousePos.y), 0.0, 1.0);
    const std::string text = plot::fixed_text(value, 2);
    const std::string now = plot::fixed_text(context.state.wanted.threshold, 2);
    if (text != now) context.send(run::command::SetKnob{"threshold", text}, "threshold");
  }

  /// Draws alternative next tokens of the watched path at the step shown.
  void draw_choices(PanelContext& context, const plot::Rect& area) {
    const plot::Theme& theme = context.theme;
    const record::StepRecord* record = context.shown();
    if (record == nullptr) return;
    const int index = record->position + 1 - shown_->tree.prompt_tokens();
    const std::vector<int> tokens = shown_->tree.tokens_of(shown_->watched);
    const float height = theme.line_height() * 1.15F;
    const float middle = area.top + height / 2;
    plot::TextStyle label = in_middle(small_style(theme));
    if (index < 0 || index >= static_cast<int>(tokens.size())) {
      context.canvas.text({area.left, middle}, "By hand: lock a step to choose another token there",
                          label);
      return;
    }
    const std::string words =
        "Fork by hand at position " + std::to_string(record->position + 1) + ":";
    context.canvas.text({area.left, middle}, words, label);
    float left = area.left + context.canvas.measure(words, label).width + theme.unit() * 0.8F;
    const widgets::ControlContext controls{context.canvas, theme, context.fonts, context.items};
    const view::TokenText text = token_text(context.model);
    std::size_t offered = 0;
    for (const record::Candidate& candidate : record->candidates) {
      if (candidate.token == tokens[static_cast<std::size_t>(index)]) continue;
      const std::string choice =
          text.dotted(candidate.token) + "  " + plot::format_probability(candidate.probability);
      const float width = context.canvas.measure(choice, {}).width + theme.unit() * 1.4F;
      if (left + width > area.right || ++offered > kChoices) break;
      const std::string path = "Branching/choice_" + std::to_string(offered);
      if (widgets::text_button(controls, path, {left, area.top, left + width, area.top + height},
                               choice, widgets::Emphasis::plain,
                               "A new path that goes on with this token here.")) {
        context.send(run::command::ForkPath{shown_->watched, index, candidate.token}, {});
      }
      left += width + theme.unit() * 0.5F;
    }
  }

  /// Draws tokens and bytes as bars, relative to their values without sharing.
  void draw_meters(PanelContext& context, const plot::Rect& area) const {
    const float gap = context.theme.unit() * 2;
    const float half = (area.width() - gap) / 2;
    const double own = static_cast<double>(shown_->cost.tokens_forwarded);
    const double shared = static_cast<double>(shown_->prompt_shared_tokens);
    const double independent = static_cast<double>(shown_->independent_tokens);
    draw_meter(context, {area.left, area.top, area.left + half, area.bottom},
               {.words = plot::count_text(shown_->cost.tokens_forwarded) + " tokens · " +
                         plot::count_text(shown_->prompt_shared_tokens) + " prompt shared · " +
                         plot::count_text(shown_->independent_tokens) + " apart",
                .value = own,
                .mark = shared,
                .whole = std::max({own, shared, independent})});
    const double physical = static_cast<double>(shown_->kv.physical_bytes);
    const double logical = static_cast<double>(shown_->kv.logical_bytes);
    draw_meter(context, {area.right - half, area.top, area.right, area.bottom},
               {.words = plot::column_bytes(physical) + " of pages · " +
                         plot::column_bytes(logical) + " apart · peak " +
                         plot::column_bytes(static_cast<double>(shown_->cost.kv_bytes_peak)),
                .value = physical,
                .mark = logical,
                .whole = std::max(physical, logical)});
  }

  struct Meter {
    std::string words;
    double value = 0;
    double mark = 0;
    double whole = 0;
  };
  static void draw_meter(PanelContext& context, const plot::Rect& area, const Meter& meter) {
    const plot::Theme& theme = context.theme;
    const plot::TextStyle style = small_style(theme);
    context.canvas.text({area.left, area.top},
                        fitted_text(context.canvas, meter.words, style, area.width()), style);
    const float top = area.top + theme.small_text * 1.7F;
    const plot::Rect bar{area.left, top, area.right, top + theme.unit() * 0.55F};
    context.canvas.fill(bar, theme.control, 2);
    if (meter.whole <= 0) return;
    const auto at = [&](double value) {
      return bar.left + bar.width() * static_cast<float>(value / meter.whole);
    };
    context.canvas.fill({bar.left, bar.top, at(meter.value), bar.bottom}, theme.accent, 2);
    context.canvas.line({at(meter.mark), bar.top - 2}, {at(meter.mark), bar.bottom + 2},
                        {theme.text, 1.5F});
  }

  std::shared_ptr<const branch::BranchState> shown_;
  view::PathPicture picture_;
  std::vector<double> entropies_;
  KnobEditor editor_;
};

}  // namespace

std::unique_ptr<Panel> make_branching_panel() {
  return std::make_unique<BranchingPanel>();
}

}  // namespace sketchscope::panels
