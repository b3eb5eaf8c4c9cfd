#pragma once

#include <string>

#include "gui/widgets/action.hpp"
#include "gui/widgets/controls.hpp"
#include "gui/widgets/popup.hpp"

namespace sketchscope {

/// A searchable list of all actions, above everything else.
class CommandPalette {
 public:
  void open();
  [[nodiscard]] bool is_open() const { return popup_.is_open(); }
  /// Draws the palette. Runs a chosen action and closes.
  void draw(const ControlContext& context, const ActionTable& actions, const Rect& window);

 private:
  Popup popup_{"Palette", {.width = 44, .height = 28, .top_share = 0.14F, .most_share = 0.72F}};
  std::string query_;
  int chosen_ = 0;
};

}  // namespace sketchscope
