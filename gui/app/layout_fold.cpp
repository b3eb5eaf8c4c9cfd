#include "gui/app/layout_fold.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace sketchscope::app {
namespace {

// Sizes in text heights.
constexpr float kLeastOfTwoColumns = 44;  // of a width
constexpr float kLeastOfCells = 80;       // of a width that has cells beside each other in a column
constexpr float kLeastWithBelow = 28;     // of a height that has a lower row
constexpr float kLowerRow = 14.5F;        // height of the lower row with its gap
constexpr float kGap = 1;
/// Cards may shrink to this share of their least height before they become tabs.
constexpr float kShrinks = 0.75F;

void take_tabs(LayoutCell& cell, const LayoutCell& from) {
  cell.tabs.insert(cell.tabs.end(), from.tabs.begin(), from.tabs.end());
}

/// Makes the cells of a row tabs of its first.
void join_cells(LayoutRow& row) {
  for (std::size_t cell = 1; cell < row.cells.size(); ++cell) {
    take_tabs(row.cells.front(), row.cells[cell]);
  }
  row.cells.resize(1);
}

/// Makes all panels of a row tabs of the first cell of another one.
void join_rows(LayoutRow& row, const LayoutRow& from) {
  for (const LayoutCell& cell : from.cells) take_tabs(row.cells.front(), cell);
  row.weight = std::max(row.weight, from.weight);
  row.least = std::max(row.least, from.least);
}

/// Makes a column one row at the end of another column.
void append_as_row(LayoutColumn& column, LayoutColumn from) {
  if (from.empty()) return;
  for (std::size_t row = 1; row < from.size(); ++row) join_rows(from.front(), from[row]);
  join_cells(from.front());
  column.push_back(std::move(from.front()));
}

float height_of(const LayoutColumn& column) {
  float least = 0;
  for (const LayoutRow& row : column) least += row.least * kShrinks + kGap;
  return least;
}

/// Joins neighbours, the lowest first and of equals the last, until the rows fit into `height`.
void fit_rows(LayoutColumn& column, float height) {
  while (column.size() > 1 && height_of(column) > height) {
    std::size_t lowest = 0;
    for (std::size_t row = 0; row + 1 < column.size(); ++row) {
      const auto both = [&](std::size_t at) { return column[at].least + column[at + 1].least; };
      if (both(row) <= both(lowest)) lowest = row;
    }
    join_rows(column[lowest], column[lowest + 1]);
    join_cells(column[lowest]);
    column.erase(column.begin() + static_cast<std::ptrdiff_t>(lowest) + 1);
  }
}

}  // namespace

LayoutColumns folded(LayoutColumns columns, float width, float height) {
  if (width < kLeastOfCells) {
    for (LayoutRow& row : columns.middle) join_cells(row);
  }
  if (width < kLeastOfThreeColumns) {
    append_as_row(columns.middle, std::exchange(columns.right, {}));
  }
  if (width < kLeastOfTwoColumns) {
    LayoutColumn left = std::exchange(columns.left, {});
    if (!left.empty() && !columns.below.empty()) {
      for (const LayoutRow& row : left) join_rows(columns.below.front(), row);
    } else {
      append_as_row(columns.middle, std::move(left));
    }
  }
  if (height < kLeastWithBelow) append_as_row(columns.middle, std::exchange(columns.below, {}));
  const float upper = columns.below.empty() ? height : height - kLowerRow;
  fit_rows(columns.left, upper);
  fit_rows(columns.middle, upper);
  fit_rows(columns.right, height);
  return columns;
}

}  // namespace sketchscope::app
