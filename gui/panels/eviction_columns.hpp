#pragma once

#include <string_view>
#include <vector>

#include "gui/plot/canvas.hpp"
#include "gui/plot/theme.hpp"
#include "gui/view/eviction_lines.hpp"

namespace sketchscope {

/// A column of the table of evictions where it stands: numbers end at `right`, words begin at
/// `left`.
struct EvictionColumnPlace {
  EvictionColumn column = EvictionColumn::step;
  std::string_view title;
  Align align = Align::right;
  float left = 0;
  float right = 0;
};

/// Shares `area` out among the columns. Where not all fit, `exact` gives way first, then `margin`,
/// `layer` and `score`.
std::vector<EvictionColumnPlace> eviction_columns(const Canvas& canvas, const Theme& theme,
                                                  const Rect& area);

}  // namespace sketchscope
