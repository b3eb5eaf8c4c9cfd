#pragma once

#include "cli/common_options.hpp"
#include "cli/subcommand.hpp"

namespace sketchscope {

/// `recall`: questions about facts told far back, from the embedded model's test tales.
class RecallCommand final : public Subcommand {
 public:
  void declare(Flags& flags) override;
  void run() override;

 private:
  CommonOptions common_;
  int items_ = 150;
  int lanes_ = 8;
};

}  // namespace sketchscope
