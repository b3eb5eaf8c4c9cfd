#pragma once

#include <string>
#include <vector>

#include "gui/plot/value_format.hpp"
#include "gui/report/document.hpp"

namespace sketchscope {

/// One map of heads a family, (L, H), all in the same colours.
struct HeadFigureMap {
  std::string name;
  std::vector<std::vector<double>> values;  ///< by layer, then head
};

struct HeadMaps {
  std::string name;
  std::string title;
  std::string explanation;
  std::string unit;
  ValueFormat format = format_number;
  ValueFormat in_cell = format_number;  ///< short, in the unit of the explanation
  std::vector<HeadFigureMap> maps;
  std::string configuration;
};

/// Maps side by side, layers from top to bottom, each cell with its number where that fits; and
/// every number as CSV.
Figure draw(const HeadMaps& figure);

}  // namespace sketchscope
