#pragma once

#include <filesystem>

#include "cli/common_options.hpp"
#include "cli/subcommand.hpp"

namespace sketchscope {

/// `reads`: every read side by side on the same steps of a text.
class ReadsCommand final : public Subcommand {
 public:
  void declare(Flags& flags) override;
  void run() override;

 private:
  CommonOptions common_;
  std::filesystem::path text_;
  int max_tokens_ = 2048;
  int context_ = 0;
};

}  // namespace sketchscope
