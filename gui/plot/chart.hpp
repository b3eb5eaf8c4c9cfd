#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "gui/plot/axis.hpp"
#include "gui/plot/canvas.hpp"
#include "gui/plot/line_pieces.hpp"
#include "gui/plot/marker.hpp"
#include "gui/plot/theme.hpp"

namespace sketchscope::plot {

/// Samples to draw as a line, an area, bars or dots. `x` rises (for dots it need not); NaN in `y`
/// is a gap. The spans must live until finish().
struct Series {
  std::string name;  ///< for legend and readout; empty for neither
  std::span<const double> x;
  std::span<const double> y;
  Stroke stroke;
};

/// Returns the value at the sample nearest to `x`; empty at a gap or outside the series.
std::optional<double> value_at(const Series& series, double x);

/// An event at one place of the x axis, such as "sketch_width 512 → 256".
struct EventMark {
  double at = 0;
  std::string label;
  Color color;
};

enum class Legend : std::uint8_t { none, above };
/// The readout under the mouse: every series' value, or none if the owner draws its own.
enum class HoverReadout : std::uint8_t { values, none };

/// The axes, legend, cursor and mouse of a chart.
struct ChartOptions {
  AxisOptions x;
  AxisOptions y;
  std::string x_label;           ///< under the axis, and before the value in the readout: "step"
  std::string y_label;           ///< above the axis, with its unit: "KL, nats"; may be empty
  Legend legend = Legend::none;  ///< with values at the cursor, else the last ones
  HoverReadout readout = HoverReadout::values;
  std::optional<double> cursor;  ///< the shared step: a vertical line, a dot on every series
  std::optional<Point> pointer;  ///< the mouse: inside the plot, all values there are shown
};

/// A frame with two axes on a canvas, both of which, and the theme, must outlive it; readouts go to
/// `overlay`, above everything else. Draw into it back to front, then call finish().
class Chart {
 public:
  Chart(Canvas& canvas, Canvas& overlay, const Theme& theme, const Rect& area,
        ChartOptions options);

  void line(const Series& series);
  /// Draws a line and fills the area down to the x axis.
  void area(const Series& series, Color fill);
  /// Fills the area between the values of two series with the same x.
  void band(const Series& low, const Series& high, Color fill);
  void dots(const Series& series, float radius);
  /// Draws a mark at each sample.
  void markers(const Series& series, Marker marker, float radius);
  /// Draws one bar per sample, of `width` in units of the x axis. Bars narrower than a pixel share
  /// one as high as the highest of them.
  void bars(const Series& series, double width);
  /// Draws a horizontal line with its name, such as "cap 128".
  void level(double value, const std::string& name, Stroke stroke);
  void mark(const EventMark& mark);

  /// Draws marks, legend, cursor and readout above everything else.
  void finish();

  [[nodiscard]] const Rect& plot() const { return plot_; }
  [[nodiscard]] const Axis& x() const { return x_; }
  [[nodiscard]] const Axis& y() const { return y_; }
  /// Returns the x value under the mouse, if that is inside the plot.
  [[nodiscard]] std::optional<double> hovered_x() const;

 private:
  void draw_grid();
  void draw_marks();
  void draw_legend();
  void draw_cursor();
  void draw_hover();
  void remember(const Series& series);
  [[nodiscard]] std::vector<LinePiece> pieces_of(const Series& series);
  void draw_pieces(std::span<const LinePiece> pieces, Stroke stroke);
  [[nodiscard]] TextStyle tick_style() const;
  /// Returns where the legend begins, right of the label of the axis.
  [[nodiscard]] float legend_left() const;

  Canvas& canvas_;
  Canvas& overlay_;
  const Theme& theme_;
  ChartOptions options_;
  Rect area_;
  Rect plot_;
  Axis x_;
  Axis y_;
  std::optional<LineColumns> columns_;  ///< of the last line, since most have the same x
  std::vector<Series> named_;
  std::vector<EventMark> marks_;
};

}  // namespace sketchscope::plot
