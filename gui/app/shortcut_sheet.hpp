#pragma once

#include "gui/widgets/action.hpp"
#include "gui/widgets/controls.hpp"

namespace sketchscope {

/// Every action that has a key, on one sheet.
class ShortcutSheet {
 public:
  void open() { opening_ = true; }
  void draw(const ControlContext& context, const ActionTable& actions, const Rect& window);

 private:
  bool opening_ = false;
};

}  // namespace sketchscope
