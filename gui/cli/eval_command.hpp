#pragma once

#include <filesystem>
#include <vector>

#include "gui/cli/common_options.hpp"
#include "gui/cli/subcommand.hpp"

namespace sketchscope {

/// `eval`: perplexity of a text under a capped cache, with divergence, memory and time.
class EvalCommand final : public Subcommand {
 public:
  void declare(Flags& flags) override;
  void run() override;

 private:
  [[nodiscard]] std::vector<int> text_tokens(const LoadedModel& model) const;

  CommonOptions common_;
  std::filesystem::path text_;
  int max_tokens_ = 0;
  int context_ = 0;
  int lanes_ = 8;
  bool twin_ = false;
};

}  // namespace sketchscope
