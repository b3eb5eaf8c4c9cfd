#pragma once

#include <string_view>
#include <vector>

#include "gui/plot/canvas.hpp"
#include "gui/plot/theme.hpp"
#include "gui/view/eviction_lines.hpp"

namespace sketchscope {

/// The place of a column of the table of evictions: numbers end at `right`, texts begin at `left`.
struct EvictionColumnPlace {
  EvictionColumn column = EvictionColumn::step;
  std::string_view title;
  Align align = Align::right;
  float left = 0;
  float right = 0;
};

/// Divides `area` among the columns. If not all fit, `exact` is dropped first, then `margin`,
/// `layer` and `score`.
std::vector<EvictionColumnPlace> eviction_columns(const Canvas& canvas, const Theme& theme,
                                                  const Rect& area);

}  // namespace sketchscope
