#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "gui/widgets/controls.hpp"

namespace sketchscope::app {

/// The texts along the top of a card, which is the framed area of a panel, from left to right.
struct CardHeader {
  std::string_view title;
  std::string_view subtitle;  ///< it is shortened to the room that the others leave
  std::string_view readout;   ///< a value at the right end, left out where it does not fit
  /// The titles of the panels that share this card's place, drawn as tabs after the title.
  std::span<const std::string_view> tab_titles = {};
  bool has_menu = true;  ///< with the button of the card's menu
};

/// Draws a card's surface and header. Returns the area that is left for the panel.
plot::Rect draw_card(const widgets::ControlContext& context, const plot::Rect& card,
                     const CardHeader& header);
/// Returns the area of the title; a double click there enlarges the card.
plot::Rect card_title_area(const plot::Theme& theme, const plot::Rect& card);
/// Returns the areas of the tabs; a click on one brings its panel to the front.
std::vector<plot::Rect> card_tab_areas(const plot::Canvas& canvas, const plot::Theme& theme,
                                       const plot::Rect& card, const CardHeader& header);
/// Returns the area of the menu button at the right end of the header.
plot::Rect card_menu_area(const plot::Theme& theme, const plot::Rect& card);

}  // namespace sketchscope::app
