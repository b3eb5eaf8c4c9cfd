#pragma once

#include <span>
#include <string_view>

namespace sketchscope {

/// A page of the guided tour: its panel, its text, and the script that demonstrates it.
struct TourPage {
  std::string_view title;
  std::string_view panel;
  std::string_view beside;  ///< another panel that the text mentions
  std::string_view text;
  std::string_view deed;    ///< label of the button
  std::string_view script;  ///< script of the button (gui/driver/README.md)
};

/// Returns all pages in order.
std::span<const TourPage> tour_pages();

}  // namespace sketchscope
