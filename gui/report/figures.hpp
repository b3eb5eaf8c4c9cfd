#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gui/plot/axis.hpp"
#include "gui/plot/marker.hpp"
#include "gui/plot/svg_canvas.hpp"
#include "gui/plot/value_format.hpp"
#include "gui/report/document.hpp"

namespace sketchscope::report {

/// Returns the light theme on white, with category colours that are dark enough for thin lines.
plot::Theme paper_theme();
/// Returns an empty picture in that theme.
plot::SvgCanvas paper(plot::Size size);

/// The number of series of which no two look alike, even in grey: they differ in marker or dash.
inline constexpr std::size_t kSeriesApart = 24;
/// Returns the stroke and the marker of a series by its style.
plot::Stroke stroke_of(const plot::Theme& theme, std::size_t style);
plot::Marker marker_of(std::size_t style);

/// A point of a series.
struct FigurePoint {
  double x = 0;
  double y = 0;
};

/// The interval of a value.
struct FigureInterval {
  double x = 0;
  double low = 0;
  double high = 0;
};

/// The points and the line of one series. Series whose values have intervals are drawn a little
/// beside each other, so that intervals at the same place do not hide each other.
struct FigureSeries {
  std::string name;
  std::size_t style = 0;  ///< of colour, dash and marker; equal in all figures of a report
  std::vector<FigurePoint> line = {};
  std::vector<FigurePoint> dots = {};
  std::vector<FigureInterval> intervals = {};
};

/// The inputs of a line figure.
struct LineFigure {
  std::string name;
  std::string title;
  std::string explanation;
  std::string x_name;
  std::string y_name;
  plot::AxisOptions x;  ///< scale and format; the range is taken from the data
  plot::AxisOptions y;
  std::vector<FigureSeries> series;
  std::optional<FigureSeries> front;  ///< Pareto front, drawn dotted behind the others
  std::string configuration;          ///< embedded in the picture
};

/// Draws the figure with named axes and one colour, dash and marker per series. The data are its
/// points as CSV.
Figure draw(const LineFigure& figure);

/// Stacked bars, one per row.
struct StackedBars {
  std::string name;
  std::string title;
  std::string explanation;
  std::string unit;
  plot::ValueFormat format = plot::format_number;
  std::vector<std::string> parts;
  struct Row {
    std::string name;
    std::vector<double> values;  ///< indexed by part
  };
  std::vector<Row> rows;
  std::string configuration;
};
Figure draw(const StackedBars& bars);

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
  plot::ValueFormat format = plot::format_number;
  plot::ValueFormat in_cell = plot::format_number;  ///< short, in the unit of the explanation
  std::vector<HeadFigureMap> maps;
  std::string configuration;
};

/// Draws maps side by side, layers from top to bottom, with numbers in the cells if they fit. The
/// data are every number as CSV.
Figure draw(const HeadMaps& figure);

}  // namespace sketchscope::report
