#include "gui/panels/sheet_columns.hpp"

#include <algorithm>

#include "gui/panels/panel_text.hpp"

namespace sketchscope::panels {
namespace {

float gap_of(const PanelContext& context) {
  return context.theme.unit() * (context.print ? 0.8F : 1.1F);
}

float width_of(const PanelContext& context, const view::SheetColumn& column) {
  const plot::Theme& theme = context.theme;
  // In the window, a heading has room for the arrow of the order.
  const float arrow = context.print ? 0 : theme.unit() * 0.7F;
  return std::max(context.canvas.measure(column.title, small_style(theme)).width + arrow,
                  context.canvas.measure(column.widest, small_value_style(theme)).width);
}

}  // namespace

float width_of_columns(const PanelContext& context, const view::StudySheet& sheet,
                       std::span<const std::size_t> columns) {
  float width = 0;
  for (const std::size_t at : columns) {
    width += (width > 0 ? gap_of(context) : 0) + width_of(context, sheet.columns[at]);
  }
  return width;
}

std::vector<PlacedColumn> placed_columns(const PanelContext& context, const view::StudySheet& sheet,
                                         std::span<const std::size_t> columns) {
  const plot::Theme& theme = context.theme;
  const float end = context.area.right - (context.print ? 0 : theme.unit());
  const float rounding = context.print ? 1 : 0;
  std::vector<PlacedColumn> placed;
  float left = context.area.left + (context.print ? 0 : theme.unit() * kMarksInUnits);
  for (const std::size_t at : columns) {
    const float width = width_of(context, sheet.columns[at]);
    if (left + width > end + rounding) break;
    placed.push_back({at, left, left + width});
    left += width + gap_of(context);
  }
  if (placed.empty()) return placed;
  const float spare = std::max(end - placed.back().right, 0.0F);
  // The last column of a figure ends with its area.
  const std::size_t shares =
      context.print ? std::max<std::size_t>(placed.size() - 1, 1) : placed.size();
  const float each = std::min(spare / static_cast<float>(shares), theme.unit() * 2.5F);
  for (std::size_t at = 0; at < placed.size(); ++at) {
    placed[at].left += each * static_cast<float>(at);
    placed[at].right += each * static_cast<float>(at);
  }
  return placed;
}

}  // namespace sketchscope::panels
