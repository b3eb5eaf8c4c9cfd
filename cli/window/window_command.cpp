
#include "cli/commands.hpp"
#include "cli/window/window_options.hpp"
#include "gui/app/view.hpp"

namespace sketchscope {
namespace {

/// The default without a subcommand: the window with a generating run.
class WindowCommand final : public Subcommand {
 public:
  void declare(Flags& flags) override;
  void run() override;

 private:
  WindowOptions window_;
};

void WindowCommand::declare(Flags& flags) {
  window_.declare(flags);
}

void WindowCommand::run() {
  const LoadedModel model = window_.open();
  view_window(model, window_.worker(model), window_.models());
}

}  // namespace

std::unique_ptr<Subcommand> make_window_command() {
  return std::make_unique<WindowCommand>();
}

}  // namespace sketchscope
