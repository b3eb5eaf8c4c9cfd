#pragma once

#include <string_view>

#include "gui/app/controls.hpp"

namespace sketchscope {

/// The words along a card's top edge.
struct CardHeader {
  std::string_view title;
  std::string_view subtitle;
  std::string_view readout;
};

/// Draws a card's surface and header; what is left inside is returned.
Rect draw_card(const ControlContext& context, const Rect& card, const CardHeader& header);
/// Where draw_card puts the title: double clicks there enlarge the card.
Rect card_title_area(const Theme& theme, const Rect& card);
/// The three dots at its right end.
Rect card_menu_area(const Theme& theme, const Rect& card);

}  // namespace sketchscope
