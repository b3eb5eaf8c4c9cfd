#pragma once

#include "gui/widgets/action.hpp"
#include "gui/widgets/controls.hpp"

namespace sketchscope {

/// The File menu under its button in the run bar.
class FileMenu {
 public:
  void open() { opening_ = true; }
  void draw(const ControlContext& context, const ActionTable& actions);

 private:
  bool opening_ = false;
};

}  // namespace sketchscope
