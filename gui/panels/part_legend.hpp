#pragma once

#include <span>
#include <string>
#include <string_view>

#include "gui/panels/panel.hpp"

namespace sketchscope::panels {

/// A part of a stacked chart with its value at the step shown.
struct LegendPart {
  std::string_view name;
  std::string value;
  plot::Color color;
};

/// Draws the parts in one line at the top of the panel's area, for stacked charts, whose own legend
/// would show sums; without the values if not everything fits, and then as many parts as do.
/// Returns the lower end.
float draw_part_legend(PanelContext& context, std::span<const LegendPart> parts);

}  // namespace sketchscope::panels
