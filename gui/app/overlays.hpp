#pragma once

#include <string>

#include "gui/app/notice_board.hpp"
#include "gui/app/workspace.hpp"
#include "gui/widgets/action.hpp"
#include "gui/widgets/controls.hpp"
#include "gui/widgets/popup.hpp"

namespace sketchscope::app {

/// A searchable list of all actions, above everything else.
class CommandPalette {
 public:
  void open();
  [[nodiscard]] bool is_open() const { return popup_.is_open(); }
  /// Draws the palette. Runs a chosen action and closes.
  void draw(const widgets::ControlContext& context, const widgets::ActionTable& actions,
            const plot::Rect& window);

 private:
  widgets::Popup popup_{"Palette",
                        {.width = 44, .height = 28, .top_share = 0.14F, .most_share = 0.72F}};
  std::string query_;
  int chosen_ = 0;
};

/// The overlays that do not depend on the run: messages, palette, sheets of shortcuts and messages,
/// menus of cards.
class Overlays {
 public:
  void add_actions(widgets::ActionTable& actions);

  [[nodiscard]] NoticeBoard& notices() { return notices_; }
  [[nodiscard]] const NoticeBoard& notices() const { return notices_; }
  /// Returns whether the palette receives the keys.
  [[nodiscard]] bool take_keys() const { return palette_.is_open(); }

  /// Draws the menu of a card with the actions of its panel, which the dots at the card's corner or
  /// the right button on its title open. Call within the window of the cards.
  void draw_card_menu(const widgets::ControlContext& controls, const widgets::ActionTable& actions,
                      const Workspace& workspace);
  /// Draws messages in `area` and all else in the whole window.
  void draw(const widgets::ControlContext& controls, const widgets::ActionTable& actions,
            const plot::Rect& area, const plot::Rect& window);

 private:
  NoticeBoard notices_;
  CommandPalette palette_;
  widgets::Popup shortcuts_{"Shortcuts", {.width = 58, .top_share = 0.12F}};
  widgets::Popup messages_{"Messages",
                           {.width = 58, .top_share = 0.12F, .most_share = 0.7F, .grows = true}};
  std::string menu_panel_;  ///< the panel whose menu was opened last
};

}  // namespace sketchscope::app
