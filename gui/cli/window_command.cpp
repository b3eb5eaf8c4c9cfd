#include "gui/cli/window_command.hpp"

#include "gui/app/view.hpp"

namespace sketchscope {

void WindowCommand::declare(Flags& flags) {
  window_.declare(flags);
}

void WindowCommand::run() {
  view_window(window_.open(), window_.worker());
}

}  // namespace sketchscope
