#include "gui/plot/print_size.hpp"

#include "gui/plot/theme.hpp"

namespace sketchscope::plot {

Size size_in_units(const PrintSize& print) {
  const float units_per_mm = PrintSize::kPointsPerMm / points_per_unit(print);
  return {print.width_mm * units_per_mm, print.height_mm * units_per_mm};
}

float points_per_unit(const PrintSize& print) {
  return print.text_pt / Theme().small_text;
}

}  // namespace sketchscope::plot
