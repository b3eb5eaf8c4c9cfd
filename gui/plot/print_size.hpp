#pragma once

#include <string>

#include "gui/plot/canvas.hpp"

namespace sketchscope::plot {

/// The size of a figure for print, which has axis labels and neither a card nor a cursor, and is
/// drawn for white paper.
struct PrintSize {
  float width_mm = 85;  ///< a column of a usual two-column page
  float height_mm = 55;
  float text_pt = 8;  ///< height of its small letters, which nearly all are, 1/72 inch per em
  float dpi = 300;    ///< pixels per inch of a PNG
  /// Whether it grows to what a figure needs; false if a person asked for these millimetres.
  bool may_grow = true;

  static constexpr float kLeastMm = 10;
  static constexpr float kMostMm = 1000;
  static constexpr float kPointsPerInch = 72;
  static constexpr float kPointsPerMm = kPointsPerInch / 25.4F;
};

/// Returns the size of a print in units of a theme at scale 1, whose letters are 12.5 units high.
Size size_in_units(const PrintSize& print);

/// Returns the length of such a unit in points.
float points_per_unit(const PrintSize& print);

/// Returns the print of a figure that loses parts below the size `least`, in units: enlarged if it
/// may grow. Throws UsageError that names `what`, such as "panel study", and the size it needs.
PrintSize fitted_print(PrintSize print, Size least, const std::string& what);

}  // namespace sketchscope::plot
