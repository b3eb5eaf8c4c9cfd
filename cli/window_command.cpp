#include "cli/window_command.hpp"

#include "gui/app/view.hpp"

namespace sketchscope {

void WindowCommand::declare(Flags& flags) {
  window_.declare(flags);
}

void WindowCommand::run() {
  const LoadedModel model = window_.open();
  view_window(model, window_.worker(model), window_.models());
}

}  // namespace sketchscope
