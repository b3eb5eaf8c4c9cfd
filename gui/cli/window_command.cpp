#include "gui/cli/window_command.hpp"

#include "gui/cli/show_window.hpp"

namespace sketchscope {

void WindowCommand::declare(Flags& flags) {
  window_.declare(flags);
}

void WindowCommand::run() {
  show_window(window_);
}

}  // namespace sketchscope
