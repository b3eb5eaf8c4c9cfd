#pragma once

#include <string>
#include <vector>

#include "gui/plot/value_format.hpp"
#include "gui/report/document.hpp"

namespace sketchscope {

/// A map of heads, (L, H). All maps of a figure share a colour scale.
struct HeadFigureMap {
  std::string name;
  std::vector<std::vector<double>> values;  ///< (L, H)
};

/// The inputs of a figure of head maps.
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

/// Draws maps side by side, layers from top to bottom, with numbers in the cells if they fit. The
/// data are every number as CSV.
Figure draw(const HeadMaps& figure);

}  // namespace sketchscope
