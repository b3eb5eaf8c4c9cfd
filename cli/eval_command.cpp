#include <algorithm>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

#include "cli/common_options.hpp"
#include "cli/counterfactual_output.hpp"
#include "cli/limit_gate.hpp"
#include "cli/output.hpp"
#include "cli/prompt_options.hpp"
#include "cli/result_output.hpp"
#include "cli/standard_streams.hpp"
#include "cli/subcommand.hpp"
#include "cli/text_input.hpp"
#include "engine/core/error.hpp"
#include "engine/core/files.hpp"
#include "engine/measure/continuation.hpp"
#include "engine/measure/counterfactual.hpp"
#include "engine/measure/evaluation.hpp"
#include "engine/measure/run_json.hpp"
#include "engine/model/prompt.hpp"
#include "engine/settings/knobs.hpp"

namespace sketchscope::cli {
namespace {

/// The results of `eval` for one text.
struct EvaluatedText {
  settings::Knobs knobs;
  std::optional<int> start_token;  ///< before each chunk
  measure::Evaluation evaluation;
  std::optional<measure::LikenessMeans> likeness;  ///< agreement of continuations, if requested
  std::optional<measure::Evaluation>
      oracle;  ///< the oracle's bound at equal capacity, if requested

  /// Other knobs on the same chunks, if requested.
  struct Other {
    settings::Knobs knobs;
    measure::Evaluation evaluation;
  };
  std::optional<Other> other;
  std::optional<std::string> warning;                       ///< that the model cannot read the text
  std::optional<measure::Counterfactuals> counterfactuals;  ///< if requested
};

/// Returns whether both scored equal chunks, which they may not have after an interruption.
bool comparable(const measure::Evaluation& left, const measure::Evaluation& right) {
  return !left.interrupted && !right.interrupted && left.scored > 0;
}

nlohmann::json scores_json(const measure::Evaluation& evaluation) {
  nlohmann::json result = measure::result_json(evaluation.totals);
  result["tokens"] = evaluation.scored;
  if (evaluation.scored > 0) {
    measure::set_measured(result, "nll", evaluation.nll);
    measure::set_estimate(result, "perplexity", measure::perplexity(evaluation.chunks));
    result["chunks"] = evaluation.chunks.size();
  }
  if (!evaluation.full_chunks.empty()) {
    measure::set_estimate(result, "full_perplexity", measure::perplexity(evaluation.full_chunks));
    measure::set_estimate(result, "perplexity_ratio",
                          measure::perplexity_ratio(evaluation.chunks, evaluation.full_chunks));
  }
  return result;
}

/// Returns the other run's results and the ratio of the perplexities.
nlohmann::json other_json(const measure::Evaluation& evaluation,
                          const EvaluatedText::Other& other) {
  nlohmann::json json = {
      {"config", settings::knobs_to_json(other.knobs)},
      {"result", scores_json(other.evaluation)},
      {"memory", measure::memory_json(other.evaluation.totals)},
      {"evicted_alike", schedule::evicted_alike(evaluation.totals, other.evaluation.totals)}};
  if (comparable(evaluation, other.evaluation)) {
    measure::set_estimate(json, "times_its_perplexity",
                          measure::perplexity_ratio(evaluation.chunks, other.evaluation.chunks));
  }
  return json;
}

/// Returns a warning where the model cannot read the text, judged by the full cache where it ran.
std::optional<std::string> unread_warning(const measure::Evaluation& evaluation, int vocabulary) {
  const bool full = !evaluation.full_chunks.empty();
  const auto perplexity = measure::perplexity(full ? evaluation.full_chunks : evaluation.chunks);
  if (!perplexity) return std::nullopt;
  return measure::unread_text_warning(full ? "the full cache" : "this cache", perplexity->value,
                                      vocabulary);
}

void print_summary(std::ostream& stream, const measure::Evaluation& evaluation,
                   const std::optional<measure::LikenessMeans>& likeness) {
  print_line(stream, "tokens scored", std::to_string(evaluation.scored));
  if (evaluation.scored > 0) {
    print_line(stream, "perplexity", text_of(*measure::perplexity(evaluation.chunks), 4));
    if (evaluation.chunks.size() > 1) {
      print_line(stream, "intervals",
                 "95 %, over " + std::to_string(evaluation.chunks.size()) + " chunks");
    }
    if (!evaluation.full_chunks.empty()) {
      print_line(stream, "of the full cache",
                 text_of(*measure::perplexity(evaluation.full_chunks), 4));
      print_line(stream, "times the full's",
                 text_of(*measure::perplexity_ratio(evaluation.chunks, evaluation.full_chunks), 4) +
                     ", paired");
    }
    print_line(stream, "mean NLL, nats", decimals(evaluation.nll, 6));
  }
  if (likeness) print_likeness(stream, *likeness);
  print_totals(stream, evaluation.totals);
}

/// Says what the ratio of a perplexity to another shows.
std::string_view verdict_of(const measure::Estimate& ratio) {
  if (!ratio.interval) return "one chunk shows no difference, give more text or less context";
  if (ratio.interval->high < 1) return "this is the better one on such texts";
  if (ratio.interval->low > 1) return "that is the better one on such texts";
  return "undecided";
}

void print_other(std::ostream& stream, const measure::Evaluation& evaluation,
                 const EvaluatedText::Other& other) {
  stream << "Against policy " << other.knobs.policy.name() << ", capacity "
         << other.knobs.max_cache_size << ", on the same chunks\n";
  if (other.evaluation.scored > 0) {
    print_line(stream, "perplexity", text_of(*measure::perplexity(other.evaluation.chunks), 4));
  }
  if (comparable(evaluation, other.evaluation)) {
    const auto ratio = measure::perplexity_ratio(evaluation.chunks, other.evaluation.chunks);
    print_line(stream, "this over that",
               text_of(*ratio, 4) + ", paired: " + std::string(verdict_of(*ratio)));
  }
  if (schedule::evicted_alike(evaluation.totals, other.evaluation.totals)) {
    stream << "  Warning: both evicted the same positions from the same tables, so this compares "
              "nothing.\n";
  }
  print_totals(stream, other.evaluation.totals);
}

/// Prints the bound by a policy that knows the future.
void print_oracle(std::ostream& stream, const measure::Evaluation& bound) {
  stream << "The oracle at the same capacity\n";
  if (bound.scored > 0)
    print_line(stream, "perplexity", text_of(*measure::perplexity(bound.chunks), 4));
  print_divergence(stream, bound.totals);
}

nlohmann::json evaluated_text_json(const EvaluatedText& text) {
  nlohmann::json result = scores_json(text.evaluation);
  if (text.likeness) measure::set_likeness(result, *text.likeness);
  if (text.warning) result["warnings"].push_back(*text.warning);
  nlohmann::json json = {{"schema", "sketchscope/eval/1"},
                         {"config", settings::knobs_to_json(text.knobs)},
                         {"result", std::move(result)},
                         {"memory", measure::memory_json(text.evaluation.totals)},
                         {"timing", measure::timing_json(text.evaluation.totals)}};
  if (text.start_token) json["start_token"] = *text.start_token;
  if (text.oracle) json["oracle"] = scores_json(*text.oracle);
  if (text.other) json["against"] = other_json(text.evaluation, *text.other);
  if (text.counterfactuals && !text.counterfactuals->interrupted)
    json["counterfactual"] = counterfactuals_json(*text.counterfactuals);
  return json;
}

void print_evaluated_text(std::ostream& stream, const EvaluatedText& text) {
  print_summary(stream, text.evaluation, text.likeness);
  if (text.warning) stream << "  " << *text.warning << "\n";
  if (text.oracle) print_oracle(stream, *text.oracle);
  if (text.other) print_other(stream, text.evaluation, *text.other);
  if (text.counterfactuals && !text.counterfactuals->interrupted)
    print_counterfactuals(stream, *text.counterfactuals);
}

/// `eval`: measures perplexity of a text under a capped cache, with divergence, memory and time.
class EvalCommand final : public Subcommand {
 public:
  void declare(Flags& flags) override {
    flags.group("Run");
    flags.add("--text", text_, "file to score; - is standard input");
    flags.add("--max-tokens", max_tokens_, {2, kAny}, "score no more than its first N tokens");
    flags.add("--context", context_, {2, kAny}, "tokens of a chunk (default: the model's context)");
    start_.declare(flags,
                   "begin each chunk with the start token, counted in its context and not scored");
    flags.add("--lanes", lanes_, {1, kLanesMaximum}, "chunks that advance together (default: 8)");
    flags.add("--continue", continue_, {1, kAny},
              "also continue the first half of each chunk by N tokens, the likeliest ones, and "
              "compare with the full cache's continuation");
    flags.add_switch("--oracle", oracle_,
                     "also evict by what the full cache will attend to: the bound of all policies");
    flags.add("--against", against_,
              "also measure these other knobs, a JSON file over those given, on the same chunks");
    flags.add(
        "--counterfactual", counterfactual_, {1, kAny},
        "also draw N evictions by the knob seed, repeat the run with each undone, and compare "
        "what it cost with its regret");
    flags.add_switch("--twin", twin_, "compare every step with the full cache");
    common_.declare_audit(flags);
    common_.declare_json(flags);
    gate_.declare(flags);
    common_.declare_max_bytes(flags);
    common_.declare(flags);
  }

  void run(const std::stop_token& stop) override {
    require_text(text_, "eval", "a text to score");
    gate_.check_flags();
    std::optional<ResultOutput> output;
    EvaluatedText text;
    gate_.watch("eval", [&] {
      output.emplace(common_.json(), stop);
      text = measured(stop);
    });
    const nlohmann::json json = evaluated_text_json(text);
    const std::string failures = gate_.judge("eval", json, stop.stop_requested());
    try {
      output->write(json);
      output->print(text.evaluation.scored > 0,
                    [&](std::ostream& words) { print_evaluated_text(words, text); });
    } catch (const ReaderGone&) {
      // The exit code tells of a failed limit even where nobody reads the figures.
      if (failures.empty()) throw;
    }
    if (!failures.empty() && !stop.stop_requested()) throw core::Error(failures);
  }

 private:
  EvaluatedText measured(const std::stop_token& stop) const {
    const model::LoadedModel model = common_.open(stop);
    const settings::Knobs knobs = common_.knobs(model);
    if (counterfactual_ > 0) measure::check_counterfactual(knobs);
    const std::vector<int> tokens = measured_tokens(model, text_, max_tokens_, stop);

    // Continuations come first, since they may be too long for the model, the chunks are not.
    const auto likeness = continuations(model, tokens, knobs, stop);
    EvaluatedText text{.knobs = knobs,
                       .start_token = start_token(model),
                       .evaluation = evaluate_text(model, tokens, knobs, false, stop),
                       .likeness = likeness};
    text.warning = unread_warning(text.evaluation, model.model->config().vocabulary);
    if (oracle_) text.oracle = evaluate_text(model, tokens, knobs, true, stop);
    if (!against_.empty()) {
      const settings::Knobs other = common_.knobs_from(against_, model, knobs);
      text.other = {.knobs = other, .evaluation = evaluate_text(model, tokens, other, false, stop)};
    }
    if (counterfactual_ > 0) text.counterfactuals = counterfactuals(model, tokens, knobs, stop);
    return text;
  }

  measure::Evaluation evaluate_text(const model::LoadedModel& model, std::span<const int> tokens,
                                    const settings::Knobs& knobs, bool by_oracle,
                                    std::stop_token stop) const {
    return measure::evaluate(model.model, tokens,
                             {.knobs = knobs,
                              .context = context_,
                              .start_token = start_token(model),
                              .twin = twin_,
                              .audit = common_.audit(),
                              .oracle = by_oracle,
                              .lanes = lanes_,
                              .threads = common_.threads()},
                             Progress(by_oracle ? "oracle" : "eval").sink(), std::move(stop));
  }

  measure::Counterfactuals counterfactuals(const model::LoadedModel& model,
                                           std::span<const int> tokens,
                                           const settings::Knobs& knobs,
                                           const std::stop_token& stop) const {
    Progress progress("counterfactuals");
    return measure::measure_counterfactuals(model.model, tokens,
                                            {.knobs = knobs,
                                             .count = counterfactual_,
                                             .context = context_,
                                             .start_token = start_token(model),
                                             .lanes = 2 * lanes_,
                                             .threads = common_.threads()},
                                            progress.sink(), stop);
  }

  std::optional<int> start_token(const model::LoadedModel& model) const {
    return model::start_token(model, start_.value());
  }

  std::optional<measure::LikenessMeans> continuations(const model::LoadedModel& model,
                                                      std::span<const int> tokens,
                                                      const settings::Knobs& knobs,
                                                      std::stop_token stop) const {
    if (continue_ == 0) return std::nullopt;
    std::vector<std::vector<int>> prompts;
    for (const auto& chunk : measure::chunks_of(
             tokens, *model.model, {.context = context_, .start_token = start_token(model)})) {
      const auto half = std::span(chunk).first(chunk.size() / 2);
      prompts.emplace_back(half.begin(), half.end());
    }
    measure::ContinuationOptions options{
        .knobs = knobs, .max_new_tokens = continue_, .lanes = lanes_, .threads = common_.threads()};
    options.knobs.prefill = settings::Prefill::stream;  // as in the scoring of the text
    return measure::compare_with_full(model.model, prompts, options,
                                      Progress("continuations").sink(), std::move(stop));
  }

  CommonOptions common_;
  LimitGate gate_;
  std::filesystem::path text_;
  StartTokenOption start_;
  std::filesystem::path against_;
  int max_tokens_ = kAny;
  int context_ = 0;
  int lanes_ = 8;
  int continue_ = 0;
  int counterfactual_ = 0;
  bool twin_ = false;
  bool oracle_ = false;
};

}  // namespace

std::unique_ptr<Subcommand> make_eval_command() {
  return std::make_unique<EvalCommand>();
}

}  // namespace sketchscope::cli
