#pragma once

#include <string>

#include "gui/panels/panel.hpp"
#include "gui/widgets/controls.hpp"

namespace sketchscope {

/// Where it is written what the run stops at.
class BreakpointEditor {
 public:
  void open();
  void draw(const ControlContext& context, const CommandSink& send, const Rect& window);

 private:
  bool open_ = false;
  bool just_opened_ = false;
  std::string text_ = "eviction";
  std::string mistake_;
};

}  // namespace sketchscope
