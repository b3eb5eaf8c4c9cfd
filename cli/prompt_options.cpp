#include "cli/prompt_options.hpp"

#include "cli/text_input.hpp"
#include "engine/core/error.hpp"
#include "engine/model/prompt.hpp"

namespace sketchscope::cli {
namespace {

constexpr const char* kOneOf = "one of --prompt, --prompt-file and --tokens";

}  // namespace

void PromptText::declare(Flags& flags, const std::string& help) {
  flags.add("--prompt", text_, help);
  flags.add("--prompt-file", file_, "file that holds it; - is standard input");
}

std::string PromptText::read(const std::stop_token& stop) const {
  return text_ ? *text_ : read_text(file_, stop);
}

void PromptOptions::declare(Flags& flags) {
  flags.group("Prompt (one of these)");
  text_.declare(flags, "text to continue");
  flags.add("--tokens", tokens_, "token ids to continue, such as \"1 2\" or \"[1,2]\"");
}

bool PromptOptions::given() const {
  const int count = text_.count() + (tokens_ ? 1 : 0);
  if (count < 2) return count == 1;
  throw core::UsageError({.what = "prompt", .found = std::to_string(count), .expected = kOneOf});
}

void PromptOptions::check_one() const {
  if (given()) return;
  throw core::UsageError({.what = "prompt", .found = "none", .expected = kOneOf});
}

std::vector<int> PromptOptions::tokens(const model::LoadedModel& model,
                                       const std::stop_token& stop) const {
  if (tokens_) return model::parse_token_ids(*tokens_);
  if (!model.tokenizer && !model.tokenizer_problem.empty()) {
    throw core::UsageError(model.tokenizer_problem);
  }
  if (!model.tokenizer) {
    throw core::UsageError({.what = "model " + model.name + " has no tokenizer files",
                            .expected = "vocab.json and merges.txt, or tokenizer.json, for a text",
                            .remedy = "Give the prompt as --tokens"});
  }
  return model::prompt_tokens(model, text_.read(stop));
}

}  // namespace sketchscope::cli
