#pragma once

#include <string>

#include "gui/app/workspace.hpp"
#include "gui/widgets/action.hpp"
#include "gui/widgets/controls.hpp"

namespace sketchscope {

/// What can be done with one card: the actions of the table that are about its panel. Opened by
/// the dots at the card's corner, or the right button on its title.
class CardMenu {
 public:
  void draw(const ControlContext& context, const ActionTable& actions, const Workspace& workspace);

 private:
  std::string panel_;  ///< whose menu was opened last
};

}  // namespace sketchscope
