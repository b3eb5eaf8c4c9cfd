#include "gui/panels/occupancy_words.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "gui/panels/panel_text.hpp"
#include "gui/panels/shown_state.hpp"
#include "gui/plot/readout.hpp"
#include "gui/view/quantity.hpp"

namespace sketchscope {
namespace {

std::string_view status_words(SlotStatus status) {
  switch (status) {
    case SlotStatus::sink:
      return "kept: sink";
    case SlotStatus::recent:
      return "kept: recent";
    case SlotStatus::kept:
      return "kept";
    case SlotStatus::evicted:
      return "evicted";
    case SlotStatus::evicted_now:
      return "evicted in this step";
    case SlotStatus::unseen:
      break;
  }
  return "not yet fed";
}

void add_scores(const TableState& table, int position, SlotStatus status,
                std::vector<ReadoutLine>& lines) {
  const double estimate = value_of(table.estimates, position);
  const double exact = value_of(table.exact_mass, position);
  if (!table.estimates.empty()) lines.push_back({"estimate", format_number(estimate), {}});
  if (!table.exact_mass.empty()) lines.push_back({"exact mass", format_number(exact), {}});
  const auto slot = std::ranges::find(table.positions, position) - table.positions.begin();
  const auto index = static_cast<std::size_t>(slot);
  if (is_stored(status) && index < table.scores.size()) {
    const float score = table.scores[index];
    const auto lower =
        std::ranges::count_if(table.scores, [&](float other) { return other < score; });
    lines.push_back({"rank by score",
                     std::to_string(lower + 1) + " of " + std::to_string(table.scores.size()),
                     {}});
  } else {
    lines.push_back({"regret so far", format_number(value_of(table.regret, position)), {}});
  }
}

}  // namespace

StatusColors status_colors(const Theme& theme) {
  StatusColors colors;
  const auto set = [&](SlotStatus status, Color color) {
    colors[static_cast<std::size_t>(status)] = color;
  };
  set(SlotStatus::unseen, theme.card);
  set(SlotStatus::sink, theme.sink);
  set(SlotStatus::kept, theme.kept);
  set(SlotStatus::recent, theme.recent);
  set(SlotStatus::evicted, theme.evicted);
  set(SlotStatus::evicted_now, theme.evicted_now);
  return colors;
}

void draw_status_legend(PanelContext& context, float left, float bottom) {
  const Theme& theme = context.theme;
  const std::array<std::pair<std::string_view, Color>, 5> entries = {{
      {"sink", theme.sink},
      {"kept", theme.kept},
      {"recent", theme.recent},
      {"evicted", theme.evicted},
      {"evicted in this step", theme.evicted_now},
  }};
  const float side = theme.unit() * 0.7F;
  const float middle = bottom - theme.small_text * 0.7F;
  TextStyle style{.color = theme.quiet, .size = TextSize::small, .vertical = VerticalAlign::middle};
  for (const auto& [words, color] : entries) {
    const float width = side * 1.6F + context.canvas.measure(words, style).width;
    if (left + width > context.area.right) return;
    const Rect swatch{left, middle - side / 2, left + side, middle + side / 2};
    context.canvas.fill(swatch, color, 2);
    if (color == theme.evicted) context.canvas.rect(swatch, {theme.faint}, 2);
    context.canvas.text({left + side * 1.6F, middle}, words, style);
    left += width + theme.unit() * 1.4F;
  }
}

void draw_slot_readout(PanelContext& context, const Occupancy& occupancy, Cell cell) {
  const int token = context.history.tokens()[static_cast<std::size_t>(cell.column)];
  const SlotStatus status = occupancy.at(cell.row, cell.column);
  const int layer = occupancy.layer_of(cell.row);
  const int head = occupancy.head_of(cell.row);
  std::vector<ReadoutLine> lines = {
      {"position " + std::to_string(cell.column) + " " + token_text(context.model).quoted(token) +
           ", layer " + std::to_string(layer) +
           (occupancy.heads > 1 ? " head " + std::to_string(head) : ""),
       {},
       {}},
      {std::string(status_words(status)),
       {},
       status_colors(context.theme)[static_cast<std::size_t>(status)]}};
  const TableState* table = table_of(context.state, layer, head);
  if (table && knows_state(context)) add_scores(*table, cell.column, status, lines);
  if (const auto place = context.history.eviction_of(layer, cell.column, head)) {
    lines.push_back({"left at step", count_text(place->step), {}});
  }
  draw_readout(context.overlay, context.theme, *context.pointer.at,
               {0, 0, context.area.right, 1e6F}, lines);
}

}  // namespace sketchscope
