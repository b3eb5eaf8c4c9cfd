#pragma once

#include "gui/widgets/action.hpp"
#include "gui/widgets/controls.hpp"
#include "gui/widgets/popup.hpp"

namespace sketchscope {

/// A sheet of all actions that have a shortcut.
class ShortcutSheet {
 public:
  void open() { popup_.open(); }
  void draw(const ControlContext& context, const ActionTable& actions, const Rect& window);

 private:
  Popup popup_{"Shortcuts", {.width = 58, .top_share = 0.12F}};
};

}  // namespace sketchscope
