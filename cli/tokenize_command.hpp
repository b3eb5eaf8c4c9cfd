#pragma once

#include "cli/common_options.hpp"
#include "cli/subcommand.hpp"

namespace sketchscope {

/// `tokenize`: standard input, byte for byte, to token ids as a JSON array, or back.
class TokenizeCommand final : public Subcommand {
 public:
  void declare(Flags& flags) override;
  void run() override;

 private:
  CommonOptions common_;
  bool decode_ = false;
};

}  // namespace sketchscope
