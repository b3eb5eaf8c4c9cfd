#pragma once

#include "gui/cli/show_window.hpp"
#include "gui/cli/subcommand.hpp"
#include "gui/cli/window_options.hpp"

namespace sketchscope {

/// `view`: the window, offscreen on request.
class ViewCommand final : public Subcommand {
 public:
  void declare(Flags& flags) override;
  void run() override;

 private:
  WindowOptions window_;
  OffscreenView view_{.frames = 60};
  bool offscreen_ = false;
};

}  // namespace sketchscope
