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
  /// Declares --prompt, --prompt-file and --tokens.
  void declare(Flags& flags);
  /// Returns whether one of them was given. Throws UsageError if several were.
  [[nodiscard]] bool given() const;
  /// Throws UsageError unless exactly one of them was given.
  void check_one() const;
  /// Returns the prompt's tokens. Throws UsageError on a text if the model has no tokenizer.
  [[nodiscard]] std::vector<int> tokens(const LoadedModel& model) const;

 private:
  std::optional<std::string> prompt_;
  std::filesystem::path prompt_file_;
  std::optional<std::string> tokens_;
};

}  // namespace sketchscope
