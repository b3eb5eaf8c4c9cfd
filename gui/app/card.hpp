#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "gui/widgets/controls.hpp"

namespace sketchscope::app {

struct CardHeader {
  std::string_view title;
  std::string_view subtitle;
  std::string_view readout;
  std::span<const std::string_view> beside = {};  ///< titles of panels in the same place
};

/// Draws a card's surface and header. Returns the area for content.
plot::Rect draw_card(const widgets::ControlContext& context, const plot::Rect& card,
                     const CardHeader& header);
/// Returns the area of the title; a double click there enlarges the card.
plot::Rect card_title_area(const plot::Theme& theme, const plot::Rect& card);
/// Returns the areas of the other panels' titles; a click on one brings its panel to the front.
std::vector<plot::Rect> card_tab_areas(const plot::Canvas& canvas, const plot::Theme& theme,
                                       const plot::Rect& card, const CardHeader& header);
/// Returns the area of the menu button at the right end.
plot::Rect card_menu_area(const plot::Theme& theme, const plot::Rect& card);

}  // namespace sketchscope::app
