#pragma once

#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "cli/flags.hpp"
#include "engine/model/model_directory.hpp"
#include "engine/model/prompt.hpp"

namespace sketchscope::cli {

/// The flag --bos: whether a text begins with the model's start token.
class StartTokenOption {
 public:
  void declare(Flags& flags, const std::string& help);
  [[nodiscard]] bool given() const { return !value_.empty(); }
  [[nodiscard]] model::StartToken value() const;

 private:
  std::string value_;
};

/// The text of a prompt, given on the command line or in a file, and whether it is used unchanged
/// or as a user's message in the model's chat template.
class PromptText {
 public:
  /// Declares --prompt (described by `help`), --prompt-file, --chat, --system and --bos.
  void declare(Flags& flags, const std::string& help);
  /// Returns how many of --prompt and --prompt-file were given.
  [[nodiscard]] int count() const { return (text_ ? 1 : 0) + (file_.empty() ? 0 : 1); }
  /// Throws UsageError if --bos, --chat or --system was given without a text.
  void check_text_given() const;
  /// Returns the text, wrapped in the model's chat template if it is a chat. Throws as read_text()
  /// does, and Error if the model has no chat template that is understood.
  [[nodiscard]] std::string read(const model::LoadedModel& model,
                                 const std::stop_token& stop) const;
  /// Returns whether the model puts a start token before the text. A chat gets none unless --bos
  /// was given, because its template contains one.
  [[nodiscard]] model::StartToken start_token() const;

 private:
  [[nodiscard]] bool is_chat() const { return chat_ || system_; }

  std::optional<std::string> text_;
  std::filesystem::path file_;
  bool chat_ = false;
  std::optional<std::string> system_;
  StartTokenOption start_;
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
  /// Returns the prompt's tokens. Throws UsageError if a text was given and the model has no
  /// tokenizer.
  [[nodiscard]] std::vector<int> tokens(const model::LoadedModel& model,
                                        const std::stop_token& stop) const;

 private:
  PromptText text_;
  std::optional<std::string> tokens_;
};

}  // namespace sketchscope::cli
