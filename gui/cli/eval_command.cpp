#include "gui/cli/eval_command.hpp"

#include <algorithm>
#include <iostream>
#include <limits>
#include <nlohmann/json.hpp>

#include "engine/core/error.hpp"
#include "engine/core/files.hpp"
#include "engine/measure/evaluation.hpp"
#include "engine/measure/run_json.hpp"
#include "gui/cli/interrupt.hpp"
#include "gui/cli/json_output.hpp"
#include "gui/cli/progress.hpp"
#include "gui/cli/run_summary.hpp"

namespace sketchscope {
namespace {

constexpr int kLanesMaximum = 1024;

nlohmann::json evaluation_json(const Knobs& knobs, const Evaluation& evaluation,
                               const std::optional<LikenessMeans>& likeness) {
  nlohmann::json result = result_json(evaluation.totals);
  result["tokens"] = evaluation.scored;
  if (evaluation.scored > 0) {
    set_measured(result, "nll", evaluation.nll);
    set_estimate(result, "perplexity", perplexity(evaluation.chunks));
  }
  if (!evaluation.full_chunks.empty()) {
    set_estimate(result, "full_perplexity", perplexity(evaluation.full_chunks));
    set_estimate(result, "perplexity_ratio",
                 perplexity_ratio(evaluation.chunks, evaluation.full_chunks));
  }
  if (likeness) set_likeness(result, *likeness);
  return {{"schema", "sketchscope/eval/1"},
          {"config", knobs_to_json(knobs)},
          {"result", std::move(result)},
          {"memory", memory_json(evaluation.totals)},
          {"timing", timing_json(evaluation.totals)}};
}

void print_summary(std::ostream& stream, const Evaluation& evaluation,
                   const std::optional<LikenessMeans>& likeness) {
  if (evaluation.interrupted) stream << "Interrupted; this is what was measured until then.\n";
  print_line(stream, "tokens scored", std::to_string(evaluation.scored));
  if (evaluation.scored > 0) {
    print_line(stream, "perplexity", text_of(*perplexity(evaluation.chunks), 4));
    if (!evaluation.full_chunks.empty()) {
      print_line(stream, "of the full cache", text_of(*perplexity(evaluation.full_chunks), 4));
      print_line(
          stream, "times the full's",
          text_of(*perplexity_ratio(evaluation.chunks, evaluation.full_chunks), 4) + ", paired");
    }
    print_line(stream, "mean NLL, nats", decimals(evaluation.nll, 6));
  }
  if (likeness) print_likeness(stream, *likeness);
  print_totals(stream, evaluation.totals);
}

}  // namespace

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
  options.knobs.prefill = "stream";  // as the text is scored
  Progress progress("continuations");
  return compare_with_full(
      model.model, prompts, std::move(options), [&](double share) { progress.show(share); },
      std::move(stop));
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

  const Evaluation evaluation = [&] {
    Progress progress("eval");
    return evaluate(
        model.model, tokens,
        {.knobs = knobs,
         .context = context_,
         .twin = twin_,
         .audit = common_.audit(),
         .lanes = lanes_,
         .threads = common_.threads()},
        [&](double share) { progress.show(share); }, interrupt.token());
  }();
  const auto likeness = continuations(model, tokens, knobs, interrupt.token());
  json.write(evaluation_json(knobs, evaluation, likeness));
  print_summary(json.takes_standard_output() ? std::cerr : std::cout, evaluation, likeness);
}

}  // namespace sketchscope
