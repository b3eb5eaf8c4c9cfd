#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "cli/commands.hpp"
#include "cli/common_options.hpp"
#include "cli/json_output.hpp"
#include "engine/core/error.hpp"
#include "engine/model/prompt.hpp"
#include "engine/run/watched_run.hpp"

namespace sketchscope {
namespace {

/// `logits`: prints the model's logits after the given tokens as JSON.
class LogitsCommand final : public Subcommand {
 public:
  void declare(Flags& flags) override;
  void run() override;

 private:
  CommonOptions common_;
  std::optional<std::string> tokens_;
};

void LogitsCommand::declare(Flags& flags) {
  flags.group("Run");
  flags.add("--tokens", tokens_, "token ids, such as \"1 2\"");
  common_.declare_json(flags);
  common_.declare(flags);
}

void LogitsCommand::run() {
  if (!tokens_) {
    throw UsageError({.what = "logits", .expected = "token ids: --tokens \"1 2\""});
  }
  const std::vector<int> tokens = parse_token_ids(*tokens_);
  const LoadedModel model = common_.open();
  JsonOutput json(common_.json().empty() ? "-" : common_.json());

  WatchedRun run(
      model.model,
      {.knobs = common_.knobs(), .prompt = tokens, .audit = false, .threads = common_.threads()});
  while (run.prompt_pending()) run.step();
  const auto logits = run.lane().logits();
  json.write({{"schema", "sketchscope/logits/1"},
              {"tokens", tokens},
              {"logits", std::vector<float>(logits.begin(), logits.end())}});
}

}  // namespace

std::unique_ptr<Subcommand> make_logits_command() {
  return std::make_unique<LogitsCommand>();
}

}  // namespace sketchscope
