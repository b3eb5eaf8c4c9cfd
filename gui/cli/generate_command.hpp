#pragma once

#include <filesystem>

#include "gui/cli/common_options.hpp"
#include "gui/cli/prompt_options.hpp"
#include "gui/cli/subcommand.hpp"

namespace sketchscope {

/// `generate`: continues a prompt, prints the text, and measures.
class GenerateCommand final : public Subcommand {
 public:
  void declare(Flags& flags) override;
  void run() override;

 private:
  CommonOptions common_;
  PromptOptions prompt_;
  int max_new_tokens_ = 100;
  bool ignore_end_of_text_ = false;
  bool twin_ = false;
  std::filesystem::path record_;
};

}  // namespace sketchscope
