#pragma once

#include <filesystem>

#include "cli/subcommand.hpp"
#include "cli/window_options.hpp"

namespace sketchscope {

/// `script`: drives the window offscreen by a file of actions and expectations.
class ScriptCommand final : public Subcommand {
 public:
  void declare(Flags& flags) override;
  void run() override;

 private:
  WindowOptions window_;
  std::filesystem::path script_;
  std::filesystem::path out_;
};

}  // namespace sketchscope
