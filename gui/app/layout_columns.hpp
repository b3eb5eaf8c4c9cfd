#pragma once

#include <string_view>
#include <vector>

#include "gui/app/layout.hpp"

// The layout before it gets its sizes: columns of rows of cells, of which each holds one panel or
// several as tabs.

namespace sketchscope::app {

/// A place in a row.
struct LayoutCell {
  std::vector<std::string_view> tabs;  ///< panels in their order
  float weight = 1;                    ///< share of the row's width

  /// Returns the first panel, by which a person's sizes know it.
  [[nodiscard]] std::string_view name() const { return tabs.front(); }
  /// Returns the panel in front. The cell must have one.
  [[nodiscard]] std::string_view in_front(const LayoutChoice& choice) const;
};

/// Cells beside each other.
struct LayoutRow {
  std::vector<LayoutCell> cells;
  float weight = 1;  ///< share of the column's height
  float least = 0;   ///< least height, in text heights

  [[nodiscard]] std::string_view name() const { return cells.front().name(); }
};

/// Rows from top to bottom.
using LayoutColumn = std::vector<LayoutRow>;

/// The columns of the window, before places are computed.
struct LayoutColumns {
  LayoutColumn left;
  LayoutColumn middle;
  LayoutColumn below;  ///< beneath the left and the middle one together
  LayoutColumn right;
};

/// Returns the columns of an arrangement after a person's moves, without hidden panels and what is
/// empty without them.
LayoutColumns layout_columns(Arrangement arrangement, const LayoutChoice& choice);

}  // namespace sketchscope::app
