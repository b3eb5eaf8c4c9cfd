#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "gui/cli/common_options.hpp"
#include "gui/cli/subcommand.hpp"

namespace sketchscope {

/// `generate`: continues a prompt, prints the text, and measures.
class GenerateCommand final : public Subcommand {
 public:
  void declare(Flags& flags) override;
  void run() override;

 private:
  /// Throws UsageError unless exactly one of the flags that name a prompt was given.
  void check_one_prompt() const;
  [[nodiscard]] std::vector<int> prompt(const LoadedModel& model) const;

  CommonOptions common_;
  std::optional<std::string> prompt_;
  std::filesystem::path prompt_file_;
  std::optional<std::string> tokens_;
  int max_new_tokens_ = 100;
  bool ignore_end_of_text_ = false;
  bool twin_ = false;
  std::filesystem::path record_;
};

}  // namespace sketchscope
