#pragma once

#include <optional>
#include <string>

#include "cli/common_options.hpp"
#include "cli/subcommand.hpp"

namespace sketchscope {

/// `logits`: what the model foresees after the tokens given, as JSON.
class LogitsCommand final : public Subcommand {
 public:
  void declare(Flags& flags) override;
  void run() override;

 private:
  CommonOptions common_;
  std::optional<std::string> tokens_;
};

}  // namespace sketchscope
