#include <imgui.h>
#include <imgui_stdlib.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "engine/core/error.hpp"
#include "gui/panels/panel_registry.hpp"
#include "gui/panels/panel_text.hpp"
#include "gui/panels/row_scroll.hpp"
#include "gui/panels/sheet_columns.hpp"
#include "gui/plot/value_format.hpp"
#include "gui/view/paired_sheet.hpp"
#include "gui/view/study_sheet.hpp"
#include "gui/widgets/controls.hpp"

namespace sketchscope::panels {
namespace {

/// Shows the results of a study as a table. A click on a row runs its configuration or compares it
/// with the current run.
class StudyPanel final : public Panel {
 public:
  std::string_view name() const override { return "study"; }
  std::string_view title() const override { return "Study"; }
  std::string_view help() const override {
    return "Every configuration of the results folder that was opened. A click on a row begins a "
           "run with its knobs and the study's first prompt; a click on its B begins that run "
           "again with this row as B beside it; one on its + adds it beside the runs there are; "
           "one on its R compares all others with it, paired by text: perplexity over its own, "
           "and logit KL less its own. A heading sorts. Intervals are those of the ratio or "
           "difference before them, resampled over the texts that were scored. A filter is a word "
           "or a comparison: tova, logit_kl<0.1, max_cache_size=64.";
  }
  std::string subtitle(const PanelContext& context) const override {
    if (!context.study) return {};
    const std::string name = "“" + context.study->name + "”";
    if (!choice_.reference.empty()) return name + " · each against " + choice_.reference;
    if (context.study->model == context.model.name) {
      return name + " · click a row to run it, its B to compare";
    }
    return name + " · measured with " + context.study->model + ", not with the model that runs";
  }
  std::string readout(const PanelContext& context) const override {
    if (!context.study) return {};
    const view::StudySheet& sheet = shown(*context.study);
    const auto selected = view::select_rows(sheet, choice_.filter, order(sheet)).rows.size();
    std::string text =
        std::to_string(selected) + " of " + std::to_string(context.study->rows.size());
    if (context.study->texts > 0) {
      text += " · 95 % over " + std::to_string(context.study->texts) +
              (context.study->texts == 1 ? " text" : " texts");
    }
    if (context.study->missing > 0) {
      text += ", " + std::to_string(context.study->missing) + " not measured yet";
    }
    return text;
  }
  RowsOf rows_of() const override { return RowsOf::everything; }
  view::DataTable data(const PanelContext& context) const override {
    if (!context.study) return view::sheet_data({}, {});
    const view::StudySheet& sheet = shown(*context.study);
    return view::sheet_data(sheet, view::select_rows(sheet, choice_.filter, order(sheet)).rows);
  }

  PanelChoice choice() const override { return choice_; }
  void choose(PanelChoice choice) override { choice_ = std::move(choice); }

  plot::Size least_print(const PanelContext& context) const override {
    if (!context.study) return {};
    const view::StudySheet& sheet = shown(*context.study);
    const auto rows = view::select_rows(sheet, choice_.filter, order(sheet)).rows.size();
    const auto lines = static_cast<float>(std::max<std::size_t>(rows, 1));
    return {width_of_columns(context, sheet, columns(sheet)),
            head_height(context) + lines * row_pitch(context)};
  }

  void draw(PanelContext& context) override {
    if (!context.study) {
      return draw_empty_state(context, "No study is open",
                              "Ctrl O opens a folder that `sketchscope sweep` wrote");
    }
    const view::StudySheet* const whole = context.study;
    context.study = &shown(*whole);
    if (context.study == whole) choice_.reference.clear();
    draw_table(context);
    context.study = whole;
  }

 private:
  static constexpr int kMarks = 4;  ///< columns of B, a further run, the reference and A

  /// Returns the study's sheet, with its pairs where there is a reference.
  [[nodiscard]] const view::StudySheet& shown(const view::StudySheet& study) const {
    return paired_.of(study, choice_.reference);
  }

  /// Returns the columns that are shown: all where one of those chosen is another study's.
  [[nodiscard]] std::vector<std::size_t> columns(const view::StudySheet& sheet) const {
    try {
      return view::columns_named(sheet, choice_.columns);
    } catch (const core::UsageError&) {
      return view::columns_named(sheet, {});
    }
  }

  void draw_table(PanelContext& context) {
    if (!order(*context.study).column) choice_.order.clear();
    const view::SheetSelection selection =
        view::select_rows(*context.study, choice_.filter, order(*context.study));
    // A figure is of the rows that were chosen, and has nothing to choose them by.
    const float top = context.print ? context.area.top : draw_filter(context, selection);
    placed_ = placed_columns(context, *context.study, columns(*context.study));
    const plot::Rect table{context.area.left, top, context.area.right, context.area.bottom};
    const float head = head_height(context);
    draw_headings(context, {table.left, top, table.right, top + head});
    draw_rows(context, selection.rows, {table.left, top + head, table.right, table.bottom});
  }

  float draw_filter(PanelContext& context, const view::SheetSelection& selection) {
    const plot::Theme& theme = context.theme;
    const float width = std::min(context.area.width() * 0.45F, theme.unit() * 30);
    ImGui::SetCursorScreenPos({context.area.left, context.area.top});
    ImGui::SetNextItemWidth(width);
    ImGui::InputTextWithHint("##filter", "filter: tova  logit_kl<0.1", &choice_.filter);
    widgets::note_widget(context.items, "Study/filter");
    const float height = ImGui::GetItemRectSize().y;
    plot::TextStyle words = in_middle(small_style(theme));
    const float left = context.area.left + width + theme.unit();
    std::string text = context.study->question;
    if (!selection.mistake.empty()) {
      words.color = theme.bad;
      text = selection.mistake;
    }
    context.canvas.text({left, context.area.top + height / 2},
                        fitted_text(context.canvas, text, words, context.area.right - left), words);
    return context.area.top + height + theme.unit() * 0.4F;
  }

  static float head_height(const PanelContext& context) {
    return context.theme.small_text * (context.print ? 1.6F : 2);
  }
  static float row_pitch(const PanelContext& context) {
    return context.print ? context.theme.small_text * 1.4F : context.theme.line_height();
  }
  /// Returns the anchor of a cell's text: texts begin at the left, numbers end at the right.
  static plot::Point anchor(const PanelContext& context, const PlacedColumn& place, float middle,
                            plot::TextStyle& style) {
    const bool words = context.study->columns[place.column].format == view::SheetFormat::words;
    style.align = words ? plot::Align::left : plot::Align::right;
    style.vertical = plot::VerticalAlign::middle;
    return {words ? place.left : place.right, middle};
  }

  void draw_headings(PanelContext& context, const plot::Rect& line) {
    const plot::Theme& theme = context.theme;
    for (const PlacedColumn& place : placed_) {
      const view::SheetColumn& column = context.study->columns[place.column];
      const plot::Rect button{place.left - theme.unit() * 0.5F, line.top,
                              place.right + theme.unit() * 0.5F, line.bottom};
      ImGui::SetCursorScreenPos({button.left, button.top});
      if (ImGui::InvisibleButton(("sort " + column.name).c_str(),
                                 {button.width(), button.height()})) {
        sort_by(column.name);
      }
      context.items.note("Study/" + column.name, button);
      const bool sorted = choice_.order == column.name && !context.print;
      plot::TextStyle style = small_style(theme);
      if (sorted || ImGui::IsItemHovered()) style.color = sorted ? theme.accent : theme.text;
      const plot::Point at = anchor(context, place, line.center().y, style);
      context.canvas.text(at, column.title, style);
      if (sorted) draw_arrow(context, at, style, column.title);
    }
    context.canvas.line({line.left, line.bottom}, {line.right, line.bottom}, {theme.border});
  }

  void draw_arrow(PanelContext& context, plot::Point at, const plot::TextStyle& style,
                  std::string_view title) const {
    const float width = context.canvas.measure(title, style).width;
    const float half = context.theme.unit() * 0.24F;
    const float x =
        style.align == plot::Align::left ? at.x + width + 2 * half : at.x - width - 2 * half;
    const float tip = choice_.descending ? half : -half;
    const std::array<plot::Point, 3> points = {plot::Point{x - half, at.y - tip},
                                               plot::Point{x, at.y + tip},
                                               plot::Point{x + half, at.y - tip}};
    context.canvas.polyline(points, {context.theme.accent, 1.3F});
  }

  /// Handles a click on a heading: repeated clicks sort by `column` ascending, then descending,
  /// then restore the study's order.
  void sort_by(const std::string& column) {
    if (choice_.order != column) {
      choice_.order = column;
      choice_.descending = false;
    } else if (!choice_.descending) {
      choice_.descending = true;
    } else {
      choice_.order.clear();
    }
    scroll_.to_top();
  }

  [[nodiscard]] view::SheetOrder order(const view::StudySheet& study) const {
    const auto column = std::ranges::find(study.columns, choice_.order, &view::SheetColumn::name);
    if (choice_.order.empty() || column == study.columns.end()) return {};
    return {.column = static_cast<std::size_t>(column - study.columns.begin()),
            .descending = choice_.descending};
  }

  void draw_rows(PanelContext& context, const std::vector<std::size_t>& rows,
                 const plot::Rect& area) {
    const float pitch = row_pitch(context);
    // A figure that is as high as it has to be has room for all rows, but for rounding.
    const float room = area.height() / pitch + (context.print ? 0.05F : 0);
    const auto fitting = static_cast<std::size_t>(std::max(room, 0.0F));
    scroll_.follow_wheel(context, rows.size() > fitting ? rows.size() - fitting : 0);
    const std::size_t shown = std::min(fitting, rows.size() - scroll_.skipped());
    for (std::size_t index = 0; index < shown; ++index) {
      const float top = area.top + pitch * static_cast<float>(index);
      draw_row(context, rows[scroll_.skipped() + index], index,
               {area.left, top, area.right, top + pitch});
    }
    if (rows.empty()) {
      plot::TextStyle style = small_style(context.theme, plot::Align::center);
      style.vertical = plot::VerticalAlign::middle;
      context.canvas.text(area.center(), "No row passes the filter", style);
    }
    scroll_.draw_thumb(context, area, rows.size(), fitting);
  }

  void draw_row(PanelContext& context, std::size_t at, std::size_t index, const plot::Rect& line) {
    const plot::Theme& theme = context.theme;
    const view::SheetRow& row = context.study->rows[at];
    if (context.print) return draw_cells(context, row, line.center().y);
    const bool is_a = row.knobs == context.state.wanted;
    const bool is_b =
        context.state.other() != nullptr && row.knobs == context.state.other()->wanted;
    const std::optional<std::size_t> further = further_place(context, row);
    const bool is_reference = row.name == choice_.reference;
    const float mark = theme.unit() * kMarksInUnits / kMarks;
    const plot::Rect beside{line.left, line.top, line.left + mark, line.bottom};
    const plot::Rect added{beside.right, line.top, beside.right + mark, line.bottom};
    const plot::Rect against{added.right, line.top, added.right + mark, line.bottom};
    const plot::Rect own{against.right, line.top, line.right, line.bottom};
    const bool hovered = context.pointer.at && line.contains(*context.pointer.at);
    if (is_a || is_b || hovered) {
      context.canvas.fill(line, is_a ? theme.accent.with_alpha(0.16) : theme.control, 2);
    }
    const std::string item = "Study/row_" + std::to_string(index);
    context.items.note(item, own);
    context.items.note(item + "/b", beside);
    context.items.note(item + "/add", added);
    context.items.note(item + "/against", against);
    if (is_a || hovered)
      draw_mark(context, "A", {own.left, line.top, own.left + mark, line.bottom}, is_a);
    if (is_b || hovered) draw_mark(context, "B", beside, is_b);
    if (further || hovered) {
      draw_mark(context, further ? view::run_letter(*further) : "+", added, further.has_value());
    }
    if (is_reference || hovered) draw_mark(context, "R", against, is_reference);
    draw_cells(context, row, line.center().y);
    if (!hovered || !context.pointer.clicked) return;
    if (beside.contains(*context.pointer.at)) {
      compare_with(context, row);
    } else if (added.contains(*context.pointer.at)) {
      context.send(run::command::AddRun{row.knobs}, {});
    } else if (against.contains(*context.pointer.at)) {
      choice_.reference = is_reference ? std::string() : row.name;
    } else {
      run(context, row);
    }
  }

  void draw_cells(PanelContext& context, const view::SheetRow& row, float middle) const {
    const plot::Theme& theme = context.theme;
    for (const PlacedColumn& place : placed_) {
      plot::TextStyle style = small_value_style(theme);
      if (context.study->columns[place.column].format == view::SheetFormat::words) {
        style.face = plot::Face::sans;
      }
      const view::SheetCell& cell = row.cells[place.column];
      if (cell.text.empty()) style.color = theme.faint;
      const plot::Point point = anchor(context, place, middle, style);
      context.canvas.text(point, cell.text.empty() ? plot::kAbsent : cell.text, style);
    }
  }

  /// Returns the place of the run beside A and B that has the row's knobs; empty if there is none.
  static std::optional<std::size_t> further_place(const PanelContext& context,
                                                  const view::SheetRow& row) {
    for (const auto& other : context.state.others) {
      if (other->place > 1 && row.knobs == other->wanted) return other->place;
    }
    return std::nullopt;
  }

  /// Draws the letter of a run: filled if this row is that run, outlined if a click would select
  /// it.
  static void draw_mark(PanelContext& context, std::string_view letter, const plot::Rect& place,
                        bool filled) {
    const plot::Theme& theme = context.theme;
    const float half = theme.small_text * 0.68F;
    const plot::Point center = place.center();
    const plot::Rect box{center.x - half, center.y - half, center.x + half, center.y + half};
    plot::TextStyle style{.color = filled ? theme.on_accent : theme.quiet,
                          .face = plot::Face::sans_bold,
                          .size = plot::TextSize::small,
                          .align = plot::Align::center,
                          .vertical = plot::VerticalAlign::middle};
    if (filled) {
      context.canvas.fill(box, letter == "A" ? theme.accent : theme.quiet, 3);
    } else {
      context.canvas.rect(box, {theme.faint}, 3);
    }
    context.canvas.text(center, letter, style);
  }

  static void begin(PanelContext& context) {
    context.send(run::command::Restart{context.study->prompt}, {});
    // A paused run makes one step, so that its prompt is shown.
    if (context.state.phase != run::RunPhase::running) context.send(run::command::Step{1}, {});
  }

  static void run(PanelContext& context, const view::SheetRow& row) {
    context.send(run::command::SetKnobs{row.knobs}, {});
    begin(context);
  }

  static void compare_with(PanelContext& context, const view::SheetRow& row) {
    // Compare copies the wanted knobs to the second run, so the row's knobs are set for it and A's
    // knobs are then restored.
    const settings::Knobs own = context.state.wanted;
    context.send(run::command::SetKnobs{row.knobs}, {});
    context.send(run::command::Compare{run::ComparedTokens::same}, {});
    context.send(run::command::SetKnobs{own}, {});
    begin(context);
  }

  PanelChoice choice_;
  mutable view::PairedSheet paired_;  // only remembers what was computed
  RowScroll scroll_;
  std::vector<PlacedColumn> placed_;  // columns visible in this frame
};

}  // namespace

std::unique_ptr<Panel> make_study_panel() {
  return std::make_unique<StudyPanel>();
}

}  // namespace sketchscope::panels
