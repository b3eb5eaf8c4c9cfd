#pragma once

#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "cli/flags.hpp"
#include "engine/model/model_directory.hpp"

namespace sketchscope::cli {

/// The text of a prompt, which stands on the command line or in a file.
class PromptText {
 public:
  /// Declares --prompt, with its help, and --prompt-file.
  void declare(Flags& flags, const std::string& help);
  /// Returns how many of the two were given.
  [[nodiscard]] int count() const { return (text_ ? 1 : 0) + (file_.empty() ? 0 : 1); }
  /// Returns the text given. Throws as read_text() does.
  [[nodiscard]] std::string read(const std::stop_token& stop) const;

 private:
  std::optional<std::string> text_;
  std::filesystem::path file_;
};

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
  [[nodiscard]] std::vector<int> tokens(const model::LoadedModel& model,
                                        const std::stop_token& stop) const;

 private:
  PromptText text_;
  std::optional<std::string> tokens_;
};

}  // namespace sketchscope::cli
