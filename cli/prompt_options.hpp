#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "cli/flags.hpp"
#include "engine/model/model_directory.hpp"

namespace sketchscope {

/// The three ways to give a prompt on the command line.
class PromptOptions {
 public:
  /// --prompt, --prompt-file and --tokens.
  void declare(Flags& flags);
  /// Throws UsageError where more than one of them was given.
  [[nodiscard]] bool given() const;
  /// Throws UsageError unless exactly one of them was given.
  void check_one() const;
  /// Throws UsageError on a text for a model without tokenizer.
  [[nodiscard]] std::vector<int> tokens(const LoadedModel& model) const;

 private:
  std::optional<std::string> prompt_;
  std::filesystem::path prompt_file_;
  std::optional<std::string> tokens_;
};

}  // namespace sketchscope
