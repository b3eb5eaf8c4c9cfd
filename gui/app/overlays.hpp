#pragma once

#include "gui/app/card_menu.hpp"
#include "gui/app/command_palette.hpp"
#include "gui/app/message_sheet.hpp"
#include "gui/app/notice_board.hpp"
#include "gui/app/shortcut_sheet.hpp"
#include "gui/app/workspace.hpp"
#include "gui/widgets/action.hpp"

namespace sketchscope {

/// The overlays that do not depend on the run: messages, palette, sheets of shortcuts and messages,
/// menus of cards.
class Overlays {
 public:
  void add_actions(ActionTable& actions);

  [[nodiscard]] NoticeBoard& notices() { return notices_; }
  [[nodiscard]] const NoticeBoard& notices() const { return notices_; }
  /// Returns whether the palette receives the keys.
  [[nodiscard]] bool take_keys() const { return palette_.is_open(); }

  /// Draws the menu of a card. Call within the window of the cards.
  void draw_card_menu(const ControlContext& controls, const ActionTable& actions,
                      const Workspace& workspace);
  /// Draws messages in `area` and all else in the whole window.
  void draw(const ControlContext& controls, const ActionTable& actions, const Rect& area,
            const Rect& window);

 private:
  NoticeBoard notices_;
  CommandPalette palette_;
  ShortcutSheet shortcut_sheet_;
  MessageSheet message_sheet_;
  CardMenu card_menu_;
};

}  // namespace sketchscope
