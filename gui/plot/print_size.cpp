#include "gui/plot/print_size.hpp"

#include <algorithm>
#include <cmath>

#include "engine/core/error.hpp"
#include "engine/core/text.hpp"
#include "gui/plot/theme.hpp"

namespace sketchscope::plot {
namespace {

std::string size_text(float width_mm, float height_mm) {
  return core::float_text(width_mm) + "x" + core::float_text(height_mm);
}

}  // namespace

Size size_in_units(const PrintSize& print) {
  const float units_per_mm = PrintSize::kPointsPerMm / points_per_unit(print);
  return {print.width_mm * units_per_mm, print.height_mm * units_per_mm};
}

float points_per_unit(const PrintSize& print) {
  return print.text_pt / Theme().small_text;
}

PrintSize fitted_print(PrintSize print, Size least, const std::string& what) {
  const float mm_per_unit = points_per_unit(print) / PrintSize::kPointsPerMm;
  constexpr float kRounding = 1e-3F;  // of the way from millimetres to units and back
  const auto needed = [&](float given, float units) {
    const float mm = units * mm_per_unit;
    return mm <= given + kRounding ? given : std::ceil(mm - kRounding);
  };
  const float width = needed(print.width_mm, least.width);
  const float height = needed(print.height_mm, least.height);
  if (width == print.width_mm && height == print.height_mm) return print;
  if (std::max(width, height) > PrintSize::kMostMm) {
    throw core::UsageError({.what = what,
                            .found = size_text(width, height) + " mm for all its parts",
                            .expected = "at most " + core::float_text(PrintSize::kMostMm) + " mm",
                            .remedy = "Choose fewer rows or columns, or smaller letters by --pt"});
  }
  if (!print.may_grow) {
    throw core::UsageError(
        {.what = what,
         .found = size_text(print.width_mm, print.height_mm) + " mm with letters of " +
                  core::float_text(print.text_pt) + " pt, which has no room for all its parts",
         .expected = "at least " + size_text(width, height) + " mm",
         .remedy = "Give it --mm " + size_text(width, height) + ", or smaller letters by --pt"});
  }
  print.width_mm = width;
  print.height_mm = height;
  return print;
}

}  // namespace sketchscope::plot
