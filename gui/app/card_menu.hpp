#pragma once

#include <string>

#include "gui/app/workspace.hpp"
#include "gui/widgets/action.hpp"
#include "gui/widgets/controls.hpp"

namespace sketchscope {

/// The menu of one card with the actions of its panel. Opened by the dots at the card's corner or
/// by the right button on its title.
class CardMenu {
 public:
  void draw(const ControlContext& context, const ActionTable& actions, const Workspace& workspace);

 private:
  std::string panel_;  ///< the panel whose menu was opened last
};

}  // namespace sketchscope
