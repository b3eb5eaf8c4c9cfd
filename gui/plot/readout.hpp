#pragma once

#include <optional>
#include <span>
#include <string>

#include "gui/plot/canvas.hpp"
#include "gui/plot/theme.hpp"

namespace sketchscope::plot {

/// A line of a readout: label, value, and a swatch if it has a colour.
struct ReadoutLine {
  std::string label;
  std::string value;
  std::optional<Color> swatch;
};

/// Draws a small card next to `at` and within `bounds`. The first line is the title.
void draw_readout(Canvas& canvas, const Theme& theme, Point at, const Rect& bounds,
                  std::span<const ReadoutLine> lines);

}  // namespace sketchscope::plot
