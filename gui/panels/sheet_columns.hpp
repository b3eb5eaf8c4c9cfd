#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "gui/panels/panel.hpp"
#include "gui/view/study_sheet.hpp"

namespace sketchscope::panels {

/// The width of the marks before the columns of a study, in theme units; a figure for print has
/// none.
inline constexpr float kMarksInUnits = 7.2F;

/// A visible column and its place.
struct PlacedColumn {
  std::size_t column;
  float left;
  float right;
};

/// Returns the width that columns take for print.
float width_of_columns(const PanelContext& context, const view::StudySheet& sheet,
                       std::span<const std::size_t> columns);

/// Returns those of the columns that fit into the area, from the left, with the remaining width
/// divided among them.
std::vector<PlacedColumn> placed_columns(const PanelContext& context, const view::StudySheet& sheet,
                                         std::span<const std::size_t> columns);

}  // namespace sketchscope::panels
