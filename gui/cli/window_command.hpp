#pragma once

#include "gui/cli/subcommand.hpp"
#include "gui/cli/window_options.hpp"

namespace sketchscope {

/// What happens without a subcommand: the window, generating.
class WindowCommand final : public Subcommand {
 public:
  void declare(Flags& flags) override;
  void run() override;

 private:
  WindowOptions window_;
};

}  // namespace sketchscope
