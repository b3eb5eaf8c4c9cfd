#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "cli/common_options.hpp"
#include "cli/result_output.hpp"
#include "cli/standard_streams.hpp"
#include "cli/subcommand.hpp"
#include "cli/text_input.hpp"
#include "engine/core/error.hpp"
#include "engine/core/files.hpp"
#include "engine/core/text.hpp"
#include "engine/model/prompt.hpp"
#include "engine/run/watched_run.hpp"
#include "engine/text/tokenizer.hpp"

namespace sketchscope::cli {
namespace {

std::vector<int> parse_ids(const std::string& text) {
  const auto json = core::parse_json(text);
  const auto refuse = [](const std::string& found) {
    return core::Error({.what = "standard input",
                        .found = found,
                        .expected = "a JSON array of token ids such as [1, 2]"});
  };
  if (!json.is_array()) throw refuse(json.is_discarded() ? "no JSON" : json.type_name());
  for (const auto& id : json) {
    if (!id.is_number_integer() || !core::parse_number<int>(id.dump())) {
      throw refuse("the element " + id.dump());
    }
  }
  return json.get<std::vector<int>>();
}

/// Throws Error on an id outside the vocabulary. A run may draw one, where the model has more
/// outputs than the tokenizer has tokens, and decoding passes over it; in a user's input it is a
/// mistake.
void require_known(const std::vector<int>& ids, const text::Tokenizer& tokenizer) {
  for (const int id : ids) {
    if (id >= 0 && id < tokenizer.size()) continue;
    throw core::Error(
        {.what = "a token id has no text",
         .found = std::to_string(id),
         .expected = "an id of the vocabulary, 0 to " + std::to_string(tokenizer.size() - 1),
         .remedy = "use ids of this model's tokenizer"});
  }
}

/// `tokenize`: converts standard input, byte for byte, to a JSON array of token ids, or back.
class TokenizeCommand final : public Subcommand {
 public:
  void declare(Flags& flags) override {
    flags.group("Run");
    flags.add_switch("--decode", decode_, "from ids to bytes");
    common_.declare_model(flags);
  }

  void run(const std::stop_token& stop) override {
    const auto directory = common_.model_directory();
    const auto tokenizer = model::read_tokenizer(directory);
    if (!tokenizer) {
      throw core::Error({.what = "no tokenizer in " + directory.string(),
                         .expected = "vocab.json and merges.txt, tokenizer.json, or a GGUF "
                                     "file with a vocabulary",
                         .remedy = "Name a model that has one with --model"});
    }
    const std::string input = read_standard_input(stop);
    if (decode_) {
      const std::vector<int> ids = parse_ids(input);
      require_known(ids, *tokenizer);
      write_standard_output(tokenizer->decode(ids));
    } else {
      write_standard_output(json_text(tokenizer->encode(input, {.add_special_tokens = true})) +
                            "\n");
    }
  }

 private:
  CommonOptions common_;
  bool decode_ = false;
};

/// `logits`: prints the model's logits after the given tokens as JSON.
class LogitsCommand final : public Subcommand {
 public:
  void declare(Flags& flags) override {
    flags.group("Run");
    flags.add("--tokens", tokens_, "token ids, such as \"1 2\" or \"[1,2]\"; - is standard input");
    common_.declare_json(flags);
    common_.declare(flags);
  }

  void run(const std::stop_token& stop) override {
    if (!tokens_) {
      throw core::UsageError({.what = "logits", .expected = "token ids: --tokens \"1 2\""});
    }
    const std::vector<int> tokens = read_token_ids(*tokens_, stop);
    const model::LoadedModel model = common_.open(stop);
    ResultOutput output(common_.json().empty() ? "-" : common_.json(), stop);

    run::WatchedRun run(
        model.model,
        {.knobs = common_.knobs(), .prompt = tokens, .audit = false, .threads = common_.threads()});
    while (run.prompt_pending()) {
      if (stop.stop_requested()) throw core::Cancelled("the pass was interrupted");
      run.step();
    }
    const auto logits = run.lane().logits();
    output.write({{"schema", "sketchscope/logits/1"},
                  {"tokens", tokens},
                  {"logits", std::vector<float>(logits.begin(), logits.end())}});
  }

 private:
  CommonOptions common_;
  std::optional<std::string> tokens_;
};

}  // namespace

std::unique_ptr<Subcommand> make_tokenize_command() {
  return std::make_unique<TokenizeCommand>();
}

std::unique_ptr<Subcommand> make_logits_command() {
  return std::make_unique<LogitsCommand>();
}

}  // namespace sketchscope::cli
