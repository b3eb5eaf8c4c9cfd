#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "gui/plot/axis.hpp"
#include "gui/plot/canvas.hpp"
#include "gui/plot/theme.hpp"

namespace sketchscope {

/// Samples to draw as a line, an area or dots. `x` rises (for dots it need not); NaN in `y` is a
/// gap. The spans must live until finish().
struct Series {
  std::string name;  ///< in legend and readout; empty: in neither
  std::span<const double> x;
  std::span<const double> y;
  Stroke stroke;
};

/// Something that happened at one place of the x axis: "width 512 → 256".
struct EventMark {
  double at = 0;
  std::string label;
  Color color;
};

enum class Legend : std::uint8_t { none, above };

struct ChartOptions {
  AxisOptions x;
  AxisOptions y;
  std::string x_label;
  std::string y_label;
  Legend legend = Legend::none;
  std::optional<double> cursor;  ///< shared step cursor, drawn as a vertical line with dots
  std::optional<Point> pointer;  ///< the mouse: inside the plot a readout of all series is shown
  Canvas* readout_on = nullptr;  ///< where the readout is drawn; default: the chart's own canvas
};

/// A frame with two axes. Draw into it back to front, then call finish().
class Chart {
 public:
  Chart(Canvas& canvas, const Theme& theme, const Rect& area, ChartOptions options);

  void line(const Series& series);
  /// Filled down to the x axis.
  void area(const Series& series, Color fill);
  void scatter(const Series& series, float radius);
  void bars(const Series& series, float share_of_step = 0.8F);
  void horizontal(double value, std::string label, Stroke stroke);
  void mark(const EventMark& mark);

  /// Labels, legend, cursor and readout, above all that was drawn.
  void finish();

  [[nodiscard]] const Rect& plot() const { return plot_; }
  [[nodiscard]] const Axis& x() const { return x_; }
  [[nodiscard]] const Axis& y() const { return y_; }
  /// The value of the x axis under the mouse, if it is inside the plot.
  [[nodiscard]] std::optional<double> hovered_x() const;

 private:
  void draw_grid();
  void draw_marks();
  void draw_legend();
  void draw_cursor();
  void draw_readout();

  Canvas& canvas_;
  const Theme& theme_;
  ChartOptions options_;
  Rect area_;
  Rect plot_;
  Axis x_;
  Axis y_;
  std::vector<Series> named_;
  std::vector<EventMark> marks_;
};

/// The value of `series` at the sample nearest to `x`; empty at a gap or without samples.
std::optional<double> value_at(const Series& series, double x);

}  // namespace sketchscope
