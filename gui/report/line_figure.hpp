#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gui/plot/axis.hpp"
#include "gui/report/document.hpp"

namespace sketchscope {

struct FigurePoint {
  double x = 0;
  double y = 0;
};

/// Points of one kind; those of `line` are joined.
struct FigureSeries {
  std::string name;
  std::size_t style = 0;  ///< number of its colour and dash, the same in all figures of a report
  std::vector<FigurePoint> line;
  std::vector<FigurePoint> dots;
};

struct LineFigure {
  std::string name;
  std::string title;
  std::string explanation;
  std::string x_name;
  std::string y_name;
  AxisOptions x;  ///< the range is that of the data, scale and format are kept
  AxisOptions y;
  std::vector<FigureSeries> series;
  std::optional<FigureSeries> front;  ///< drawn dotted, behind the others
  std::string configuration;          ///< kept in the picture
};

/// Draws it with axes named, every series in a colour and dash of its own, and its points as CSV.
Figure draw(const LineFigure& figure);

/// Bars of parts on top of each other, one a row.
struct StackedBars {
  std::string name;
  std::string title;
  std::string explanation;
  std::string unit;
  ValueFormat format = format_number;
  std::vector<std::string> parts;
  struct Row {
    std::string name;
    std::vector<double> values;  ///< by part
  };
  std::vector<Row> rows;
  std::string configuration;
};
Figure draw(const StackedBars& bars);

}  // namespace sketchscope
