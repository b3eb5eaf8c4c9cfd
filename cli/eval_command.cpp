#include <algorithm>
#include <filesystem>
#include <iostream>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

#include "cli/commands.hpp"
#include "cli/common_options.hpp"
#include "cli/eval_output.hpp"
#include "cli/interrupt.hpp"
#include "cli/json_output.hpp"
#include "cli/progress.hpp"
#include "engine/core/error.hpp"
#include "engine/core/files.hpp"
#include "engine/measure/continuation.hpp"
#include "engine/measure/evaluation.hpp"

namespace sketchscope {
namespace {

/// `eval`: measures perplexity of a text under a capped cache, with divergence, memory and time.
class EvalCommand final : public Subcommand {
 public:
  void declare(Flags& flags) override;
  void run() override;

 private:
  [[nodiscard]] std::vector<int> text_tokens(const LoadedModel& model) const;
  [[nodiscard]] Evaluation evaluate_text(const LoadedModel& model, std::span<const int> tokens,
                                         const Knobs& knobs, bool by_oracle,
                                         std::stop_token stop) const;
  [[nodiscard]] std::optional<LikenessMeans> continuations(const LoadedModel& model,
                                                           std::span<const int> tokens,
                                                           const Knobs& knobs,
                                                           std::stop_token stop) const;

  CommonOptions common_;
  std::filesystem::path text_;
  std::filesystem::path against_;
  int max_tokens_ = 0;
  int context_ = 0;
  int lanes_ = 8;
  int continue_ = 0;
  bool twin_ = false;
  bool oracle_ = false;
};

void EvalCommand::declare(Flags& flags) {
  constexpr int kAny = std::numeric_limits<int>::max();
  flags.group("Run");
  flags.add("--text", text_, "file to score");
  flags.add("--max-tokens", max_tokens_, {2, kAny}, "score no more than its first N tokens");
  flags.add("--context", context_, {2, kAny}, "tokens of a chunk (default: the model's context)");
  flags.add("--lanes", lanes_, {1, kLanesMaximum}, "chunks that advance together (default: 8)");
  flags.add("--continue", continue_, {1, kAny},
            "also continue the first half of each chunk by N tokens, the likeliest ones, and "
            "compare with the full cache's continuation");
  flags.add_switch("--oracle", oracle_,
                   "also evict by what the full cache will attend to: the bound of all policies");
  flags.add("--against", against_,
            "also measure these other knobs, a JSON file over those given, on the same chunks");
  flags.add_switch("--twin", twin_, "compare every step with the full cache");
  common_.declare_audit(flags);
  common_.declare_json(flags);
  common_.declare_max_bytes(flags);
  common_.declare(flags);
}

std::vector<int> EvalCommand::text_tokens(const LoadedModel& model) const {
  std::vector<int> tokens = tokenizer_of(model).encode(read_file(text_));
  if (max_tokens_ > 0 && tokens.size() > static_cast<std::size_t>(max_tokens_)) {
    tokens.resize(static_cast<std::size_t>(max_tokens_));
  }
  if (tokens.size() < 2) {
    throw Error({.what = text_.string() + " is too short to be scored",
                 .found = std::to_string(tokens.size()) + " tokens",
                 .expected = "at least 2"});
  }
  return tokens;
}

Evaluation EvalCommand::evaluate_text(const LoadedModel& model, std::span<const int> tokens,
                                      const Knobs& knobs, bool by_oracle,
                                      std::stop_token stop) const {
  Progress progress(by_oracle ? "oracle" : "eval");
  return evaluate(
      model.model, tokens,
      {.knobs = knobs,
       .context = context_,
       .twin = twin_,
       .audit = common_.audit(),
       .oracle = by_oracle,
       .lanes = lanes_,
       .threads = common_.threads()},
      [&](double share) { progress.show(share); }, std::move(stop));
}

std::optional<LikenessMeans> EvalCommand::continuations(const LoadedModel& model,
                                                        std::span<const int> tokens,
                                                        const Knobs& knobs,
                                                        std::stop_token stop) const {
  if (continue_ == 0) return std::nullopt;
  std::vector<std::vector<int>> prompts;
  for (const auto chunk : chunks_of(tokens, *model.model, context_)) {
    const auto half = chunk.first(chunk.size() / 2);
    prompts.emplace_back(half.begin(), half.end());
  }
  ContinuationOptions options{
      .knobs = knobs, .max_new_tokens = continue_, .lanes = lanes_, .threads = common_.threads()};
  options.knobs.prefill = Prefill::stream;  // as in the scoring of the text
  Progress progress("continuations");
  return compare_with_full(
      model.model, prompts, options, [&](double share) { progress.show(share); }, std::move(stop));
}

void EvalCommand::run() {
  if (text_.empty()) {
    throw UsageError({.what = "eval", .expected = "a text to score: --text FILE"});
  }
  const Interrupt interrupt;
  const LoadedModel model = common_.open();
  const Knobs knobs = common_.knobs(model);
  const std::vector<int> tokens = text_tokens(model);
  JsonOutput json(common_.json());

  EvaluatedText text{.knobs = knobs,
                     .evaluation = evaluate_text(model, tokens, knobs, false, interrupt.token()),
                     .likeness = continuations(model, tokens, knobs, interrupt.token())};
  if (oracle_) text.oracle = evaluate_text(model, tokens, knobs, true, interrupt.token());
  if (!against_.empty()) {
    const Knobs other = common_.knobs_from(against_, model, knobs);
    text.other = {.knobs = other,
                  .evaluation = evaluate_text(model, tokens, other, false, interrupt.token())};
  }
  json.write(evaluated_text_json(text));
  print_evaluated_text(json.takes_standard_output() ? std::cerr : std::cout, text);
}

}  // namespace

std::unique_ptr<Subcommand> make_eval_command() {
  return std::make_unique<EvalCommand>();
}

}  // namespace sketchscope
