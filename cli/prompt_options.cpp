#include "cli/prompt_options.hpp"

#include "cli/text_input.hpp"
#include "engine/core/error.hpp"
#include "engine/model/prompt.hpp"

namespace sketchscope::cli {
namespace {

constexpr const char* kOneOf = "one of --prompt, --prompt-file and --tokens";

}  // namespace

void StartTokenOption::declare(Flags& flags, const std::string& help) {
  flags.add_choice(
      "--bos", value_, core::names_of<model::StartToken>(),
      help + " (default: auto, where the tokenizer's files put one before every text)");
}

model::StartToken StartTokenOption::value() const {
  return core::value_named<model::StartToken>(value_).value_or(model::StartToken::automatic);
}

void PromptText::declare(Flags& flags, const std::string& help) {
  flags.add("--prompt", text_, help);
  flags.add("--prompt-file", file_, "file that holds it; - is standard input");
  flags.add_switch("--chat", chat_,
                   "take it as what a user says, in the form of the model's chat template");
  flags.add("--system", system_, "system text of that chat; implies --chat");
  start_.declare(flags, "begin it with the start token");
}

void PromptText::check_text_given() const {
  if (count() > 0) return;
  const char* flag = nullptr;
  if (start_.given()) flag = "--bos";
  if (chat_) flag = "--chat";
  if (system_) flag = "--system";
  if (flag == nullptr) return;
  throw core::UsageError(
      {.what = flag, .found = "no text", .expected = "--prompt or --prompt-file beside it"});
}

std::string PromptText::read(const model::LoadedModel& model, const std::stop_token& stop) const {
  std::string text = text_ ? *text_ : read_text(file_, stop);
  return is_chat() ? model::chat_text(model, system_.value_or(""), text) : text;
}

model::StartToken PromptText::start_token() const {
  return is_chat() && !start_.given() ? model::StartToken::off : start_.value();
}

void PromptOptions::declare(Flags& flags) {
  flags.group("Prompt (one of these)");
  text_.declare(flags, "text to continue");
  flags.add("--tokens", tokens_,
            "token ids to continue, such as \"1 2\" or \"[1,2]\"; - is standard input");
}

bool PromptOptions::given() const {
  const int count = text_.count() + (tokens_ ? 1 : 0);
  if (count == 1) text_.check_text_given();
  if (count < 2) return count == 1;
  throw core::UsageError({.what = "prompt", .found = std::to_string(count), .expected = kOneOf});
}

void PromptOptions::check_one() const {
  if (given()) return;
  throw core::UsageError({.what = "prompt", .found = "none", .expected = kOneOf});
}

std::vector<int> PromptOptions::tokens(const model::LoadedModel& model,
                                       const std::stop_token& stop) const {
  if (tokens_) return read_token_ids(*tokens_, stop);
  if (!model.tokenizer && !model.tokenizer_problem.empty()) {
    throw core::UsageError(model.tokenizer_problem);
  }
  if (!model.tokenizer) {
    throw core::UsageError({.what = "model " + model.name + " has no tokenizer files",
                            .expected = "vocab.json and merges.txt, or tokenizer.json, for a text",
                            .remedy = "Give the prompt as --tokens"});
  }
  return model::prompt_tokens(model, text_.read(model, stop), text_.start_token());
}

}  // namespace sketchscope::cli
