#pragma once

#include <filesystem>

#include "cli/common_options.hpp"
#include "cli/subcommand.hpp"
#include "engine/measure/head_shift.hpp"

namespace sketchscope {

/// `attention`: how far each head's attention moves from that over a full cache.
class AttentionCommand final : public Subcommand {
 public:
  void declare(Flags& flags) override;
  void run() override;

 private:
  CommonOptions common_;
  HeadSelection selection_;
  std::filesystem::path text_;
  std::filesystem::path csv_;
  int max_tokens_ = 2048;
  int context_ = 0;
  int lanes_ = 8;
};

}  // namespace sketchscope
