#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "gui/widgets/controls.hpp"

namespace sketchscope {

struct CardHeader {
  std::string_view title;
  std::string_view subtitle;
  std::string_view readout;
  std::span<const std::string_view> beside = {};  ///< titles of panels in the same place
};

/// Draws a card's surface and header. Returns the area for content.
Rect draw_card(const ControlContext& context, const Rect& card, const CardHeader& header);
/// Returns the area of the title; a double click there enlarges the card.
Rect card_title_area(const Theme& theme, const Rect& card);
/// Returns the areas of the other panels' titles; a click on one brings its panel to the front.
std::vector<Rect> card_tab_areas(const Canvas& canvas, const Theme& theme, const Rect& card,
                                 const CardHeader& header);
/// Returns the area of the menu button at the right end.
Rect card_menu_area(const Theme& theme, const Rect& card);

}  // namespace sketchscope
