#include <imgui.h>
#include <imgui_stdlib.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <string>
#include <utility>

#include "gui/panels/panel.hpp"
#include "gui/panels/panel_registry.hpp"
#include "gui/panels/panel_text.hpp"
#include "gui/panels/row_scroll.hpp"
#include "gui/plot/value_format.hpp"
#include "gui/view/evictions.hpp"
#include "gui/view/panel_data.hpp"
#include "gui/widgets/controls.hpp"

namespace sketchscope::panels {
namespace {

std::string layer_text(const view::EvictionRow& row) {
  return std::to_string(row.layer) + (row.head ? "." + std::to_string(*row.head) : "");
}

/// A column of the table and the text of its cells.
struct ColumnKind {
  view::EvictionColumn column;
  std::string_view title;
  float letters;  ///< width of its widest usual cell
  int rank;       ///< higher ranks are dropped first; 0 never
  std::string (*cell)(const view::EvictionRow& row);
};

constexpr std::array<ColumnKind, 8> kColumnKinds = {{
    {view::EvictionColumn::step, "step", 4, 0,
     [](const view::EvictionRow& row) { return std::to_string(row.place.step); }},
    {view::EvictionColumn::layer, "L", 3, 2, layer_text},
    {view::EvictionColumn::position, "pos", 4, 0,
     [](const view::EvictionRow& row) { return std::to_string(row.position); }},
    {view::EvictionColumn::token, "token", 6, 0,
     [](const view::EvictionRow& row) { return row.token; }},
    {view::EvictionColumn::score, "score", 6, 1,
     [](const view::EvictionRow& row) { return plot::column_text(row.score); }},
    {view::EvictionColumn::exact, "exact", 6, 4,
     [](const view::EvictionRow& row) { return plot::column_text(row.exact); }},
    {view::EvictionColumn::margin, "margin", 6, 3,
     [](const view::EvictionRow& row) {
       return row.degenerate ? "none" : plot::column_text(row.margin);
     }},
    {view::EvictionColumn::regret, "regret", 6, 0,
     [](const view::EvictionRow& row) { return plot::column_text(row.regret); }},
}};

constexpr float kGap = 1.3F;  // letters
constexpr float kMostTokenLetters = 14;

float letters_of(const std::vector<ColumnKind>& columns) {
  float letters = -kGap;
  for (const ColumnKind& column : columns) letters += column.letters + kGap;
  return letters;
}

/// The place of a column of the table: numbers end at `right`, texts begin at `left`.
struct EvictionColumnPlace {
  view::EvictionColumn column = view::EvictionColumn::step;
  std::string_view title;
  std::string (*cell)(const view::EvictionRow& row) = nullptr;
  plot::Align align = plot::Align::right;
  float left = 0;
  float right = 0;
};

/// Divides `area` among the columns, of which step and position have at least `digits`. If not all
/// fit, `exact` is dropped first, then `margin`, `layer` and `score`.
std::vector<EvictionColumnPlace> eviction_columns(const plot::Canvas& canvas,
                                                  const plot::Theme& theme, const plot::Rect& area,
                                                  std::size_t digits) {
  const float letter = canvas.measure("0", small_value_style(theme)).width;
  const float room = area.width() / letter;
  std::vector<ColumnKind> columns(kColumnKinds.begin(), kColumnKinds.end());
  for (ColumnKind& column : columns) {
    if (column.column != view::EvictionColumn::step &&
        column.column != view::EvictionColumn::position)
      continue;
    column.letters = std::max(column.letters, static_cast<float>(digits));
  }
  while (letters_of(columns) > room) {
    const auto least = std::ranges::max_element(columns, {}, &ColumnKind::rank);
    if (least->rank == 0) break;
    columns.erase(least);
  }
  float spare = std::max(0.0F, room - letters_of(columns));
  const auto token = std::ranges::find(columns, view::EvictionColumn::token, &ColumnKind::column);
  const float wider = std::min(spare * 0.5F, kMostTokenLetters - token->letters);
  token->letters += wider;
  const float gap = kGap + (spare - wider) / static_cast<float>(columns.size() - 1);

  std::vector<EvictionColumnPlace> places;
  float left = area.left;
  for (const ColumnKind& column : columns) {
    const bool words = column.column == view::EvictionColumn::token;
    const float right = left + column.letters * letter;
    places.push_back({column.column, column.title, column.cell,
                      words ? plot::Align::left : plot::Align::right, left, right});
    left = right + gap * letter;
  }
  return places;
}

/// A sortable, searchable table of all evictions of the run.
class EvictionsPanel final : public Panel {
 public:
  std::string_view name() const override { return "evictions"; }
  std::string_view title() const override { return "Evictions"; }
  std::string_view help() const override {
    return "Every eviction up to the step shown: score as the policy saw it, exact mass, margin to "
           "the next candidate (none where all were protected), regret since. A click explains it "
           "below and locks its position; a "
           "click on a column's title sorts by it.";
  }
  std::string subtitle(const PanelContext&) const override { return view::order_text(order_); }
  std::string readout(const PanelContext& context) const override {
    const std::size_t all = view::count_evictions(context.history, filter(context));
    const std::string some =
        search_.empty() ? "" : plot::count_text(static_cast<long long>(lines_.size())) + " of ";
    return some + plot::count_text(static_cast<long long>(all)) + " in " +
           std::to_string(context.history.layers().size()) + " layers";
  }

  view::DataTable data(const PanelContext& context) const override {
    return view::evictions_data(context.history, filter(context).up_to_step, context.state,
                                token_text(context.model));
  }

  PanelChoice choice() const override {
    PanelChoice choice{.filter = search_};
    if (order_ == view::EvictionOrder()) return choice;
    choice.order = view::eviction_column_name(order_.column);
    choice.descending = order_.descending;
    return choice;
  }
  void choose(PanelChoice choice) override {
    order_ = choice.order.empty()
                 ? view::EvictionOrder()
                 : view::EvictionOrder{view::eviction_column_of(choice.order), choice.descending};
    search_ = std::move(choice.filter);
  }

  void draw(PanelContext& context) override {
    if (view::count_evictions(context.history, filter(context)) == 0) {
      return draw_empty_state(context, "Nothing was evicted so far",
                              view::first_eviction_words(context.shown(), context.state.applied,
                                                         context.model.config.positions));
    }
    if (tokenizer_ != context.model.tokenizer.get()) {
      tokenizer_ = context.model.tokenizer.get();
      text_ = token_text(context.model);
    }
    lines_.update(context.history, context.state, text_, filter(context).up_to_step,
                  view::parse_eviction_search(search_), order_);
    const float head = context.theme.small_text * 1.7F;
    plot::Rect table = context.area;
    table.right -= context.theme.unit() * 0.5F;  // the thumb's
    const std::size_t digits = std::to_string(context.history.tokens().size()).size();
    const auto columns = eviction_columns(context.canvas, context.theme, table, digits);
    draw_header(context, columns, head);
    const float foot = context.theme.unit() * 1.9F;
    const plot::Rect rows{context.area.left, context.area.top + head, context.area.right,
                          context.area.bottom - foot};
    draw_rows(context, columns, rows);
    draw_search(context, {rows.left, rows.bottom, rows.right, context.area.bottom});
  }

 private:
  static view::EvictionFilter filter(const PanelContext& context) {
    return {.up_to_step = context.shown_step(), .layer = {}};
  }

  void draw_header(PanelContext& context, std::span<const EvictionColumnPlace> columns,
                   float height) {
    const plot::Theme& theme = context.theme;
    const float top = context.area.top;
    for (std::size_t index = 0; index < columns.size(); ++index) {
      const EvictionColumnPlace& column = columns[index];
      const float left = index == 0 ? context.area.left : columns[index - 1].right;
      const plot::Rect place{left, top, column.right, top + height};
      const bool hovered = context.pointer.at && place.contains(*context.pointer.at);
      plot::TextStyle style = small_style(theme);
      style.align = column.align;
      if (hovered) style.color = theme.text;
      if (order_.column == column.column) style.color = theme.accent;
      context.canvas.text({edge_of(column), top}, column.title, style);
      context.items.note("evictions/sort_" + std::string(column.title), place);
      if (hovered && context.pointer.clicked) order_ = view::clicked_order(order_, column.column);
    }
  }

  static float edge_of(const EvictionColumnPlace& column) {
    return column.align == plot::Align::right ? column.right : column.left;
  }

  /// Draws the search line below the table.
  void draw_search(PanelContext& context, const plot::Rect& area) {
    const plot::Theme& theme = context.theme;
    ImGui::PushFont(context.fonts.get(plot::Face::sans, plot::TextSize::small));
    ImGui::SetCursorScreenPos({area.left, area.bottom - theme.unit() * 1.55F});
    ImGui::SetNextItemWidth(area.width());
    ImGui::InputTextWithHint("##search", "look for: L3, p58, a word of the token or the reason",
                             &search_);
    ImGui::PopFont();
    widgets::note_widget(context.items, "evictions/search");
  }

  void draw_rows(PanelContext& context, std::span<const EvictionColumnPlace> columns,
                 const plot::Rect& area) {
    const float pitch = context.theme.line_height();
    const auto shown = static_cast<std::size_t>(area.height() / pitch);
    const std::size_t total = lines_.size();
    scroll_.follow_wheel(context, total > shown ? total - shown : 0);
    const auto places = lines_.lines(scroll_.skipped(), shown);
    for (std::size_t index = 0; index < places.size(); ++index) {
      const float top = area.top + pitch * static_cast<float>(index);
      const view::EvictionRow row =
          view::eviction_row(context.history, places[index], known_state(context), text_);
      draw_row(context, columns, row, {area.left, top, area.right, top + pitch});
    }
    scroll_.draw_thumb(context, area, total, shown);
  }

  static void draw_row(PanelContext& context, std::span<const EvictionColumnPlace> columns,
                       const view::EvictionRow& row, const plot::Rect& place) {
    const plot::Theme& theme = context.theme;
    widgets::Selection& selection = context.selection;
    const widgets::EvictionKey key{row.place.step, row.layer, row.position, row.head.value_or(0)};
    const plot::Rect back{place.left - theme.unit() * 0.4F, place.top,
                          place.right + theme.unit() * 0.4F, place.bottom};
    const bool hovered = context.pointer.at && place.contains(*context.pointer.at);
    if (selection.eviction == key) {
      context.canvas.fill(back, theme.accent.with_alpha(0.16), 2);
    } else if (hovered) {
      context.canvas.fill(back, theme.control, 2);
    }
    for (const EvictionColumnPlace& column : columns) {
      const plot::TextStyle style = cell_style(theme, column, row);
      const std::string words = column.cell(row);
      const bool is_token = column.column == view::EvictionColumn::token;
      context.canvas.text(
          {edge_of(column), place.center().y},
          is_token ? fitted_text(context.canvas, words, style, column.right - column.left) : words,
          style);
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

  static plot::TextStyle cell_style(const plot::Theme& theme, const EvictionColumnPlace& column,
                                    const view::EvictionRow& row) {
    plot::TextStyle style = in_middle(small_value_style(theme, column.align));
    if (column.column == view::EvictionColumn::token) style.face = plot::Face::sans;
    if (column.column == view::EvictionColumn::step) style.color = theme.quiet;
    if (column.column == view::EvictionColumn::margin && row.degenerate) style.color = theme.bad;
    if (column.column == view::EvictionColumn::regret && row.regret > 0)
      style.color = theme.pending;
    return style;
  }

  const text::Tokenizer* tokenizer_ = nullptr;
  view::TokenText text_;
  view::EvictionLines lines_;
  view::EvictionOrder order_;
  std::string search_;
  RowScroll scroll_;
};

}  // namespace

std::unique_ptr<Panel> make_evictions_panel() {
  return std::make_unique<EvictionsPanel>();
}

}  // namespace sketchscope::panels
