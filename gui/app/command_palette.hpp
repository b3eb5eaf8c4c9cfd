#pragma once

#include <string>

#include "gui/widgets/action.hpp"
#include "gui/widgets/controls.hpp"

namespace sketchscope {

/// A searchable list of all actions, over everything else.
class CommandPalette {
 public:
  void open();
  [[nodiscard]] bool is_open() const { return open_; }
  /// Runs the action that is chosen, and closes.
  void draw(const ControlContext& context, const ActionTable& actions, const Rect& window);

 private:
  bool open_ = false;
  bool just_opened_ = false;
  std::string query_;
  int chosen_ = 0;
};

}  // namespace sketchscope
