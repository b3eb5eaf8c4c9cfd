#pragma once

#include <filesystem>
#include <optional>
#include <stop_token>
#include <vector>

#include "cli/common_options.hpp"
#include "cli/prompt_options.hpp"
#include "cli/subcommand.hpp"
#include "engine/measure/continuation.hpp"
#include "engine/run/generation.hpp"

namespace sketchscope {

/// `generate`: continues a prompt, prints the text, and measures.
class GenerateCommand final : public Subcommand {
 public:
  void declare(Flags& flags) override;
  void run() override;

 private:
  [[nodiscard]] std::optional<LikenessMeans> compare(const LoadedModel& model, const Knobs& knobs,
                                                     const std::vector<int>& prompt,
                                                     const Generation& generation,
                                                     std::stop_token stop) const;

  CommonOptions common_;
  PromptOptions prompt_;
  int max_new_tokens_ = 100;
  bool ignore_end_of_text_ = false;
  bool against_full_ = false;
  bool twin_ = false;
  std::filesystem::path record_;
  std::filesystem::path save_;
};

}  // namespace sketchscope
