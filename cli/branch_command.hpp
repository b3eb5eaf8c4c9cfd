#pragma once

#include <filesystem>
#include <string>

#include "cli/common_options.hpp"
#include "cli/prompt_options.hpp"
#include "cli/subcommand.hpp"
#include "engine/branch/branch_measurement.hpp"

namespace sketchscope {

/// `branch`: samples of one prompt that share what they have in common, and what as many
/// independent samples would have cost.
class BranchCommand final : public Subcommand {
 public:
  void declare(Flags& flags) override;
  void run() override;

 private:
  [[nodiscard]] CacheChoice caches() const;
  [[nodiscard]] BranchOptions options(const LoadedModel& model) const;
  void run_studies() const;

  CommonOptions common_;
  PromptOptions prompt_;
  int max_new_tokens_ = 50;
  bool ignore_end_of_text_ = false;
  std::string cache_ = "cow";
  std::string study_;
  std::filesystem::path out_;
  int prompts_ = 3;
};

}  // namespace sketchscope
