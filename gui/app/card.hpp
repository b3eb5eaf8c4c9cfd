#pragma once

#include <cstddef>
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
  /// The titles of the other panels that share this card's place, drawn as tabs around the title.
  std::span<const std::string_view> tab_titles = {};
  std::size_t title_at = 0;  ///< number of tabs before the title
  bool has_menu = true;      ///< with the button of the card's menu
};

/// Draws a card's surface and header. Returns the area that is left for the panel.
plot::Rect draw_card(const widgets::ControlContext& context, const plot::Rect& card,
                     const CardHeader& header);
/// Returns the area of the header; a double click there enlarges the card, a drag moves it.
plot::Rect card_title_area(const plot::Theme& theme, const plot::Rect& card);

/// The areas of the words at the left of a header.
struct CardTabs {
  plot::Rect title;
  /// A click on one brings its panel to the front. Those that are left out have no width.
  std::vector<plot::Rect> tabs;
  plot::Rect more;           ///< "+3", which stands for those that are left out; else without width
  std::size_t left_out = 0;  ///< how many tabs there is no room for
  std::size_t next_left_out = 0;  ///< the first of them after the last one shown
};
/// Returns the areas: of all words if there is room, else of the title and its neighbours.
CardTabs card_tab_areas(const plot::Canvas& canvas, const plot::Theme& theme,
                        const plot::Rect& card, const CardHeader& header);
/// Returns the area of the menu button at the right end of the header.
plot::Rect card_menu_area(const plot::Theme& theme, const plot::Rect& card);

}  // namespace sketchscope::app
