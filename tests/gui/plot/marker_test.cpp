#include "gui/plot/marker.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "gui/plot/svg_canvas.hpp"
#include "gui/plot/theme.hpp"

namespace sketchscope::plot {
namespace {

std::string drawn(Marker marker) {
  SvgCanvas canvas({20, 20}, Theme());
  draw_marker(canvas, marker, {10, 10}, 4, Color::hex(0x000000), Color::hex(0xffffff));
  return canvas.document("");
}

TEST(DrawMarker, GivesEveryMarkerAFormOfItsOwnWithoutColour) {
  std::set<std::string> forms;
  for (std::size_t at = 0; at < kMarkers; ++at) forms.insert(drawn(static_cast<Marker>(at)));
  EXPECT_EQ(forms.size(), kMarkers);
}

TEST(DrawMarker, LeavesABackgroundInsideHollowOnes) {
  for (std::size_t at = 0; at < kMarkers; ++at) {
    const bool hollow = at >= static_cast<std::size_t>(Marker::hollow_circle);
    EXPECT_EQ(drawn(static_cast<Marker>(at)).find("#ffffff") != std::string::npos, hollow) << at;
  }
}

}  // namespace
}  // namespace sketchscope::plot
