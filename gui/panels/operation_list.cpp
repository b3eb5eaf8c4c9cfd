#include "gui/panels/operation_list.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <vector>

#include "gui/panels/panel_text.hpp"
#include "gui/panels/timeline_picture.hpp"
#include "gui/plot/value_format.hpp"

namespace sketchscope::panels {

/// A column of numbers: when the table is narrow, those of the highest rank are left out first.
struct OperationList::Column {
  std::string_view title;
  std::string (*cell)(const view::OperationRow& row);
  float letters = 0;
  int rank = 0;
  bool compares = false;  ///< only where another run is beside this one
};

struct OperationList::PlacedColumn {
  const Column* column = nullptr;
  float left = 0;
  float right = 0;
};

namespace {

std::string calls_cell(const view::OperationRow& row) {
  return plot::format_number(row.mean.calls);
}
std::string ms_cell(const view::OperationRow& row) {
  return plot::fixed_text(row.mean.ms, 3);
}
std::string other_ms_cell(const view::OperationRow& row) {
  return row.other_ms ? plot::fixed_text(*row.other_ms, 3) : std::string(plot::kAbsent);
}
std::string share_cell(const view::OperationRow& row) {
  return plot::format_percent(row.share, 1);
}
std::string bytes_cell(const view::OperationRow& row) {
  return row.mean.bytes > 0 ? plot::column_bytes(row.mean.bytes) : std::string();
}
std::string bound_cell(const view::OperationRow& row) {
  return row.bound_share ? plot::format_percent(*row.bound_share, 0) : std::string();
}
std::string limit_cell(const view::OperationRow& row) {
  if (!row.bound_by_memory) return {};
  return *row.bound_by_memory ? "memory" : "arithmetic";
}

// The name comes first and takes at least so many letters.
constexpr float kNameLetters = 17;
constexpr float kGapLetters = 1.5F;

}  // namespace

std::vector<OperationList::PlacedColumn> OperationList::place_columns(
    const PanelContext& context, const view::OperationTable& table, const plot::Rect& area) {
  static constexpr std::array kColumns = {
      Column{"calls", calls_cell, 6, 5},         Column{"ms", ms_cell, 8, 0},
      Column{"B ms", other_ms_cell, 8, 1, true}, Column{"of step", share_cell, 7, 2},
      Column{"bytes", bytes_cell, 9, 4},         Column{"of bound", bound_cell, 8, 1},
      Column{"limited by", limit_cell, 10, 3},
  };
  const float letter = context.canvas.measure("0", small_value_style(context.theme)).width;
  std::vector<const Column*> chosen;
  for (const Column& column : kColumns) {
    if (!column.compares || table.other) chosen.push_back(&column);
  }
  const auto needed = [&] {
    float letters = kNameLetters;
    for (const Column* column : chosen) letters += column->letters + kGapLetters;
    return letters * letter;
  };
  while (!chosen.empty() && needed() > area.width()) {
    chosen.erase(std::ranges::max_element(chosen, {}, &Column::rank));
  }
  std::vector<PlacedColumn> placed;
  float right = area.right;
  for (auto column = chosen.rbegin(); column != chosen.rend(); ++column) {
    placed.push_back({*column, right - (*column)->letters * letter, right});
    right -= ((*column)->letters + kGapLetters) * letter;
  }
  std::ranges::reverse(placed);
  return placed;
}

std::optional<trace::Operation> OperationList::draw(PanelContext& context,
                                                    const view::OperationTable& table,
                                                    const plot::Rect& area) {
  const plot::Theme& theme = context.theme;
  const float pitch = theme.line_height();
  if (area.height() < 2 * pitch) return {};
  const std::vector<PlacedColumn> columns = place_columns(context, table, area);
  const std::string heading = table.own.steps == 1
                                  ? std::string("operation")
                                  : "mean of " + std::to_string(table.own.steps) + " steps";
  const float words_right = columns.empty() ? area.right : columns.front().left;
  context.canvas.text(
      {area.left, area.top},
      fitted_text(context.canvas, heading, small_style(theme), words_right - area.left),
      small_style(theme));
  for (const PlacedColumn& column : columns) {
    context.canvas.text({column.right, area.top}, column.column->title,
                        small_style(theme, plot::Align::right));
  }
  const plot::Rect rows{area.left, area.top + pitch, area.right, area.bottom};
  const auto fit = static_cast<std::size_t>(std::max(rows.height() / pitch, 0.0F));
  const bool pointed = context.pointer.at && area.contains(*context.pointer.at);
  const std::size_t total = table.rows.size();
  if (pointed) scroll_.follow_wheel(context, total > fit ? total - fit : 0);
  std::optional<trace::Operation> hovered;
  float top = rows.top;
  for (std::size_t index = scroll_.skipped(); index < total && top + pitch <= rows.bottom;
       ++index) {
    const plot::Rect line{rows.left, top, rows.right, top + pitch};
    if (pointed && line.contains(*context.pointer.at)) hovered = table.rows[index].mean.operation;
    draw_row(context, columns, table.rows[index], line);
    top += pitch;
  }
  scroll_.draw_thumb(context, {rows.left, rows.top, rows.right + theme.unit() * 0.6F, rows.bottom},
                     total, fit);
  return hovered;
}

void OperationList::draw_row(PanelContext& context, std::span<const PlacedColumn> columns,
                             const view::OperationRow& row, const plot::Rect& line) {
  const plot::Theme& theme = context.theme;
  const trace::OperationKind& kind = trace::kind_of(row.mean.operation);
  const bool hovered = context.pointer.at && line.contains(*context.pointer.at);
  if (hovered) context.canvas.fill(line, theme.control, 3);
  const plot::Color color = part_color(theme, kind.part);
  const bool nested = row.within().has_value();
  // The step's share lies behind the words as a bar.
  const plot::Rect share{line.left, line.top + 1,
                         line.left + line.width() * static_cast<float>(std::min(row.share, 1.0)),
                         line.bottom - 1};
  context.canvas.fill(share, color.with_alpha(nested ? 0.14 : 0.26), 2);
  const float indent = theme.unit() * (nested ? 1.6F : 0.5F);
  const float name_right = columns.empty() ? line.right : columns.front().left;
  plot::TextStyle name = in_middle(label_style(theme));
  name.color = nested ? theme.quiet : theme.text;
  const float middle = line.center().y;
  context.canvas.text({line.left + indent, middle},
                      fitted_text(context.canvas, kind.name, name, name_right - line.left - indent),
                      name);
  for (const PlacedColumn& column : columns) {
    plot::TextStyle value = in_middle(small_value_style(theme));
    context.canvas.text({column.right, middle}, column.column->cell(row), value);
  }
}

}  // namespace sketchscope::panels
