#include <imgui.h>
#include <imgui_stdlib.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

#include "gui/driver/widget.hpp"
#include "gui/panels/panel_text.hpp"
#include "gui/panels/panels.hpp"
#include "gui/panels/row_scroll.hpp"
#include "gui/view/eviction_lines.hpp"
#include "gui/view/panel_data.hpp"
#include "gui/view/quantity.hpp"

namespace sketchscope {
namespace {

/// A column of the table: its right end as a share of the width, or its left end for words.
struct Column {
  EvictionColumn column;
  std::string_view title;
  float edge;
  Align align;
};

constexpr std::array<Column, 8> kColumns = {
    {{EvictionColumn::step, "step", 0.095F, Align::right},
     {EvictionColumn::layer, "L", 0.15F, Align::right},
     {EvictionColumn::position, "pos", 0.245F, Align::right},
     {EvictionColumn::token, "token", 0.275F, Align::left},
     {EvictionColumn::score, "score", 0.56F, Align::right},
     {EvictionColumn::exact, "exact", 0.7F, Align::right},
     {EvictionColumn::margin, "margin", 0.855F, Align::right},
     {EvictionColumn::regret, "regret", 0.985F, Align::right}}};

/// Every eviction of the run, newest first or by any column, or those that are looked for.
class EvictionsPanel final : public Panel {
 public:
  std::string_view name() const override { return "evictions"; }
  std::string_view title() const override { return "Evictions"; }
  std::string_view help() const override {
    return "Every eviction up to the step shown: score as the policy saw it, exact mass, margin to "
           "the next candidate, regret since. A click explains it below and locks its position; a "
           "click on a column's title sorts by it.";
  }
  std::string subtitle(const PanelContext&) const override { return order_text(order_); }
  std::string readout(const PanelContext& context) const override {
    const std::size_t all = count_evictions(context.history, filter(context));
    const std::string some =
        search_.empty() ? "" : count_text(static_cast<long long>(lines_.size())) + " of ";
    return some + count_text(static_cast<long long>(all)) + " in " +
           std::to_string(context.history.layers().size()) + " layers";
  }

  DataTable data(const PanelContext& context) const override {
    return evictions_data(context.history, filter(context).up_to_step, context.state,
                          token_text(context.model));
  }

  void draw(PanelContext& context) override {
    if (count_evictions(context.history, filter(context)) == 0) {
      const bool full = context.state.applied.policy == "full";
      return draw_empty_state(context, "Nothing was evicted so far",
                              full ? "Policy full never evicts: choose another one"
                                   : "The cap is not reached yet: lower max_cache_size to see it");
    }
    if (tokenizer_ != context.model.tokenizer.get()) {
      tokenizer_ = context.model.tokenizer.get();
      text_ = token_text(context.model);
    }
    lines_.update(context.history, context.state, text_, filter(context).up_to_step,
                  parse_eviction_search(search_), order_);
    const float head = context.theme.small_text * 1.7F;
    draw_header(context, head);
    const float foot = context.theme.unit() * 1.9F;
    const Rect rows{context.area.left, context.area.top + head, context.area.right,
                    context.area.bottom - foot};
    draw_rows(context, rows);
    draw_search(context, {rows.left, rows.bottom, rows.right, context.area.bottom});
  }

 private:
  static EvictionFilter filter(const PanelContext& context) {
    const StepRecord* record = context.shown();
    return {.up_to_step = record ? record->step : -1, .layer = {}};
  }

  static float edge_of(const Rect& area, const Column& column) {
    return area.left + area.width() * column.edge;
  }

  void draw_header(PanelContext& context, float height) {
    const Theme& theme = context.theme;
    float left = context.area.left;
    for (std::size_t index = 0; index < kColumns.size(); ++index) {
      const Column& column = kColumns[index];
      const float edge = edge_of(context.area, column);
      const bool last = index + 1 == kColumns.size();
      const bool words_next = !last && kColumns[index + 1].align == Align::left;
      const float right = column.align == Align::right
                              ? (words_next ? edge_of(context.area, kColumns[index + 1]) : edge)
                              : edge + context.area.width() * 0.15F;
      const Rect place{left, context.area.top, right, context.area.top + height};
      left = right;
      const bool sorted = order_.column == column.column;
      const bool hovered = context.pointer.at && place.contains(*context.pointer.at);
      TextStyle style = small_style(theme);
      style.align = column.align;
      if (hovered) style.color = theme.text;
      if (sorted) style.color = theme.accent;
      context.canvas.text({edge, context.area.top}, column.title, style);
      context.items.note("evictions/sort_" + std::string(column.title), place);
      if (hovered && context.pointer.clicked) order_ = clicked_order(order_, column.column);
    }
  }

  /// A line below the table that narrows it down.
  void draw_search(PanelContext& context, const Rect& area) {
    const Theme& theme = context.theme;
    ImGui::PushFont(context.fonts.get(Face::sans, TextSize::small));
    ImGui::SetCursorScreenPos({area.left, area.bottom - theme.unit() * 1.55F});
    ImGui::SetNextItemWidth(area.width());
    ImGui::InputTextWithHint("##search", "look for: L3, p58, a word of the token or the reason",
                             &search_);
    ImGui::PopFont();
    note_widget(context.items, "evictions/search");
  }

  void draw_rows(PanelContext& context, const Rect& area) {
    const float pitch = context.theme.line_height();
    const auto shown = static_cast<std::size_t>(area.height() / pitch);
    const std::size_t total = lines_.size();
    scroll_.follow_wheel(context, total > shown ? total - shown : 0);
    const auto places = lines_.lines(scroll_.skipped(), shown);
    for (std::size_t index = 0; index < places.size(); ++index) {
      const float top = area.top + pitch * static_cast<float>(index);
      const EvictionRow row = eviction_row(context.history, places[index], &context.state, text_);
      draw_row(context, row, {area.left, top, area.right, top + pitch});
    }
    scroll_.draw_thumb(context, area, total, shown);
  }

  static void draw_row(PanelContext& context, const EvictionRow& row, const Rect& place) {
    const Theme& theme = context.theme;
    Selection& selection = context.selection;
    const EvictionKey key{row.place.step, row.layer, row.position, row.head.value_or(0)};
    const Rect back{place.left - theme.unit() * 0.4F, place.top, place.right + theme.unit() * 0.4F,
                    place.bottom};
    const bool hovered = context.pointer.at && place.contains(*context.pointer.at);
    if (selection.eviction == key) {
      context.canvas.fill(back, theme.accent.with_alpha(0.16), 2);
    } else if (hovered) {
      context.canvas.fill(back, theme.control, 2);
    }
    const TextStyle token = {.color = theme.text, .size = TextSize::small};
    const float token_width = place.width() * 0.16F;
    const std::array<std::string, kColumns.size()> cells = {
        std::to_string(row.place.step),
        std::to_string(row.layer) + (row.head ? "." + std::to_string(*row.head) : ""),
        std::to_string(row.position),
        fitted_text(context.canvas, row.token, token, token_width),
        column_text(row.score),
        column_text(row.exact),
        row.degenerate ? "no choice" : column_text(row.margin),
        column_text(row.regret)};
    for (std::size_t index = 0; index < cells.size(); ++index) {
      TextStyle style = small_value_style(theme, kColumns[index].align);
      style.vertical = VerticalAlign::middle;
      if (index == 0) style.color = theme.quiet;
      if (index == 3)
        style = {.color = token.color, .size = token.size, .vertical = style.vertical};
      if (index == 6 && row.degenerate) style.color = theme.bad;
      if (index == 7 && row.regret > 0) style.color = theme.pending;
      context.canvas.text({edge_of(place, kColumns[index]), place.center().y}, cells[index], style);
    }
    if (!hovered) return;
    selection.next_hover.position = row.position;
    selection.next_hover.layer = row.layer;
    if (!context.pointer.clicked) return;
    selection.eviction = key;
    selection.layer = row.layer;
    selection.head = row.head.value_or(0);
    selection.locked_position = row.position;
  }

  const Tokenizer* tokenizer_ = nullptr;
  TokenText text_;
  EvictionLines lines_;
  EvictionOrder order_;
  std::string search_;
  RowScroll scroll_;
};

}  // namespace

std::unique_ptr<Panel> make_evictions_panel() {
  return std::make_unique<EvictionsPanel>();
}

}  // namespace sketchscope
