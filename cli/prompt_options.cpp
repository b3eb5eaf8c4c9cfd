#include "cli/prompt_options.hpp"

#include "engine/core/error.hpp"
#include "engine/core/files.hpp"
#include "engine/model/prompt.hpp"

namespace sketchscope {
namespace {

constexpr const char* kOneOf = "one of --prompt, --prompt-file and --tokens";

}  // namespace

void PromptOptions::declare(Flags& flags) {
  flags.group("Prompt (one of these)");
  flags.add("--prompt", prompt_, "text to continue");
  flags.add("--prompt-file", prompt_file_, "file that holds it");
  flags.add("--tokens", tokens_, "token ids to continue, such as \"1 2\"");
}

bool PromptOptions::given() const {
  const int count = (prompt_ ? 1 : 0) + (tokens_ ? 1 : 0) + (prompt_file_.empty() ? 0 : 1);
  if (count < 2) return count == 1;
  throw UsageError({.what = "prompt", .found = std::to_string(count), .expected = kOneOf});
}

void PromptOptions::check_one() const {
  if (given()) return;
  throw UsageError({.what = "prompt", .found = "none", .expected = kOneOf});
}

std::vector<int> PromptOptions::tokens(const LoadedModel& model) const {
  if (tokens_) return parse_token_ids(*tokens_);
  if (!model.tokenizer && !model.tokenizer_problem.empty()) {
    throw UsageError(model.tokenizer_problem);
  }
  if (!model.tokenizer) {
    throw UsageError({.what = "model " + model.name + " has no tokenizer files",
                      .expected = "vocab.json and merges.txt, or tokenizer.json, for a text",
                      .remedy = "Give the prompt as --tokens"});
  }
  return prompt_tokens(model, prompt_ ? *prompt_ : read_file(prompt_file_));
}

}  // namespace sketchscope
