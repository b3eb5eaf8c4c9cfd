#pragma once

#include <string>

#include "gui/panels/panel.hpp"
#include "gui/widgets/controls.hpp"
#include "gui/widgets/popup.hpp"

namespace sketchscope {

/// The editor of the run's breakpoint.
class BreakpointEditor {
 public:
  void open();
  void draw(const ControlContext& context, const CommandSink& send, const Rect& window);

 private:
  Popup popup_{"Run until", {}};
  std::string text_ = "eviction";
  std::string mistake_;
};

}  // namespace sketchscope
