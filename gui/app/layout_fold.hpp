#pragma once

#include "gui/app/layout_columns.hpp"

namespace sketchscope::app {

/// The least width, in text heights, of a window that has three columns.
inline constexpr float kLeastOfThreeColumns = 72;

/// Folds columns that a small window has no room for: cells and rows become tabs of their
/// neighbours, and columns rows, until each card can be read. No panel is lost. `width` and
/// `height` are those of the area of all columns, in text heights; large ones fold nothing.
LayoutColumns folded(LayoutColumns columns, float width, float height);

}  // namespace sketchscope::app
