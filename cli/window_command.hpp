#pragma once

#include "cli/subcommand.hpp"
#include "cli/window_options.hpp"

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
