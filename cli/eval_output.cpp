#include "cli/eval_output.hpp"

#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/run_summary.hpp"
#include "engine/measure/run_json.hpp"

namespace sketchscope {
namespace {

/// Returns whether both scored equal chunks, which they may not have after an interruption.
bool comparable(const Evaluation& left, const Evaluation& right) {
  return !left.interrupted && !right.interrupted && left.scored > 0;
}

nlohmann::json scores_json(const Evaluation& evaluation) {
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
  return result;
}

/// Returns the other run's results and the ratio of the perplexities.
nlohmann::json other_json(const Evaluation& evaluation, const EvaluatedText::Other& other) {
  nlohmann::json json = {
      {"config", knobs_to_json(other.knobs)},
      {"result", scores_json(other.evaluation)},
      {"memory", memory_json(other.evaluation.totals)},
      {"evicted_alike", evicted_alike(evaluation.totals, other.evaluation.totals)}};
  if (comparable(evaluation, other.evaluation)) {
    set_estimate(json, "times_its_perplexity",
                 perplexity_ratio(evaluation.chunks, other.evaluation.chunks));
  }
  return json;
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

void print_other(std::ostream& stream, const Evaluation& evaluation,
                 const EvaluatedText::Other& other) {
  stream << "Against policy " << other.knobs.policy.name() << ", capacity "
         << other.knobs.max_cache_size << ", on the same chunks\n";
  if (other.evaluation.scored > 0) {
    print_line(stream, "perplexity", text_of(*perplexity(other.evaluation.chunks), 4));
  }
  if (comparable(evaluation, other.evaluation)) {
    print_line(
        stream, "this over that",
        text_of(*perplexity_ratio(evaluation.chunks, other.evaluation.chunks), 4) + ", paired");
  }
  if (evicted_alike(evaluation.totals, other.evaluation.totals)) {
    stream << "  Warning: both evicted the same positions from the same tables, so this compares "
              "nothing.\n";
  }
  print_totals(stream, other.evaluation.totals);
}

/// Prints the bound by a policy that knows the future.
void print_oracle(std::ostream& stream, const Evaluation& bound) {
  stream << "The oracle at the same capacity\n";
  if (bound.scored > 0) print_line(stream, "perplexity", text_of(*perplexity(bound.chunks), 4));
  print_divergence(stream, bound.totals);
}

}  // namespace

nlohmann::json evaluated_text_json(const EvaluatedText& text) {
  nlohmann::json result = scores_json(text.evaluation);
  if (text.likeness) set_likeness(result, *text.likeness);
  nlohmann::json json = {{"schema", "sketchscope/eval/1"},
                         {"config", knobs_to_json(text.knobs)},
                         {"result", std::move(result)},
                         {"memory", memory_json(text.evaluation.totals)},
                         {"timing", timing_json(text.evaluation.totals)}};
  if (text.oracle) json["oracle"] = scores_json(*text.oracle);
  if (text.other) json["against"] = other_json(text.evaluation, *text.other);
  return json;
}

void print_evaluated_text(std::ostream& stream, const EvaluatedText& text) {
  print_summary(stream, text.evaluation, text.likeness);
  if (text.oracle) print_oracle(stream, *text.oracle);
  if (text.other) print_other(stream, text.evaluation, *text.other);
}

}  // namespace sketchscope
