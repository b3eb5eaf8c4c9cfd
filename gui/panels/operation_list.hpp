#pragma once

#include <optional>
#include <span>
#include <vector>

#include "gui/panels/panel.hpp"
#include "gui/panels/row_scroll.hpp"
#include "gui/view/step_timeline.hpp"

namespace sketchscope::panels {

/// The table of a step's operations: time, share of the step, bytes, and share of the bound that
/// limits each.
class OperationList {
 public:
  /// Draws the table, with as many columns as fit. Returns the operation under the mouse.
  std::optional<trace::Operation> draw(PanelContext& context, const view::OperationTable& table,
                                       const plot::Rect& area);

 private:
  struct Column;
  struct PlacedColumn;

  static std::vector<PlacedColumn> place_columns(const PanelContext& context,
                                                 const view::OperationTable& table,
                                                 const plot::Rect& area);
  static void draw_row(PanelContext& context, std::span<const PlacedColumn> columns,
                       const view::OperationRow& row, const plot::Rect& line);

  RowScroll scroll_;
};

}  // namespace sketchscope::panels
