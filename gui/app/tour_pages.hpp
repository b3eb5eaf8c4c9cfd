#pragma once

#include <span>
#include <string_view>

namespace sketchscope {

/// A page of the guided tour: the panel it points at, what there is to see, and script lines that
/// make it happen.
struct TourPage {
  std::string_view title;
  std::string_view panel;
  std::string_view beside;  ///< another panel that its text names
  std::string_view text;
  std::string_view deed;    ///< what the button says
  std::string_view script;  ///< what it runs, in the language of gui/driver/README.md
};

/// From the first page to the last.
std::span<const TourPage> tour_pages();

}  // namespace sketchscope
