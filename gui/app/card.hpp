#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "gui/widgets/controls.hpp"

namespace sketchscope {

/// The words along a card's top edge.
struct CardHeader {
  std::string_view title;
  std::string_view subtitle;
  std::string_view readout;
  std::span<const std::string_view> beside = {};  ///< titles of panels that share the place
};

/// Draws a card's surface and header; what is left inside is returned.
Rect draw_card(const ControlContext& context, const Rect& card, const CardHeader& header);
/// Where draw_card puts the title: double clicks there enlarge the card.
Rect card_title_area(const Theme& theme, const Rect& card);
/// Where the titles beside that of the panel stand; a click on one brings its panel to the front.
std::vector<Rect> card_tab_areas(const Canvas& canvas, const Theme& theme, const Rect& card,
                                 const CardHeader& header);
/// The three dots at its right end.
Rect card_menu_area(const Theme& theme, const Rect& card);

}  // namespace sketchscope
