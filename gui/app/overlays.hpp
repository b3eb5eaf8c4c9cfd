#pragma once

#include "gui/app/card_menu.hpp"
#include "gui/app/command_palette.hpp"
#include "gui/app/message_sheet.hpp"
#include "gui/app/notice_board.hpp"
#include "gui/app/shortcut_sheet.hpp"
#include "gui/app/workspace.hpp"
#include "gui/widgets/action.hpp"

namespace sketchscope {

/// What lies above the panels whatever the run is: messages, the palette of all actions, the sheets
/// of shortcuts and of messages, the menus of cards.
class Overlays {
 public:
  void add_actions(ActionTable& actions);

  [[nodiscard]] NoticeBoard& notices() { return notices_; }
  [[nodiscard]] const NoticeBoard& notices() const { return notices_; }
  /// Whether keys belong to the palette now.
  [[nodiscard]] bool take_keys() const { return palette_.is_open(); }

  /// Within the window of the cards.
  void draw_card_menu(const ControlContext& controls, const ActionTable& actions,
                      const Workspace& workspace);
  /// Messages lie in `area`, all else in the whole window.
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
