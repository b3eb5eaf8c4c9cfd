#include <algorithm>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

#include "cli/common_options.hpp"
#include "cli/output.hpp"
#include "cli/prompt_options.hpp"
#include "cli/result_output.hpp"
#include "cli/subcommand.hpp"
#include "cli/text_input.hpp"
#include "engine/core/error.hpp"
#include "engine/measure/formula_fit.hpp"
#include "engine/measure/run_json.hpp"
#include "engine/model/prompt.hpp"

namespace sketchscope::cli {
namespace {

/// A policy's perplexity on the text that played no part in the fit.
struct Contender {
  std::string name;
  measure::Evaluation evaluation;
};

struct LearntText {
  settings::Knobs knobs;
  measure::FittedFormula fitted;
  std::vector<Contender> contenders;  ///< the formula first, then the policies, then the bounds
  std::size_t best = 0;               ///< index of the best policy; 0 if none was measured
};

constexpr std::string_view kLearnt = "learnt formula";
constexpr std::string_view kOracle = "oracle";

nlohmann::json perplexity_json(const measure::Evaluation& evaluation) {
  nlohmann::json json = nlohmann::json::object();
  measure::set_estimate(json, "perplexity", measure::perplexity(evaluation.chunks));
  json["chunks"] = evaluation.chunks.size();
  return json;
}

nlohmann::json learnt_text_json(const LearntText& text) {
  nlohmann::json terms = nlohmann::json::array();
  for (const auto& [term, weight] : text.fitted.terms) {
    terms.push_back({{"term", term}, {"weight", weight}});
  }
  nlohmann::json result = {{"chunks", text.fitted.chunks}};
  if (!text.fitted.text.empty()) {
    result["formula"] = text.fitted.text;
    result["terms"] = terms;
    result["samples"] = text.fitted.samples;
    measure::set_measured(result, "penalty", text.fitted.penalty);
    measure::set_measured(result, "explained", text.fitted.explained);
  }
  for (const Contender& contender : text.contenders) {
    result["held_out"][contender.name] = perplexity_json(contender.evaluation);
  }
  if (text.best > 0) {
    const Contender& best = text.contenders[text.best];
    result["best_policy"] = best.name;
    measure::set_estimate(result, "times_the_best_policys_perplexity",
                          measure::perplexity_ratio(text.contenders.front().evaluation.chunks,
                                                    best.evaluation.chunks));
  }
  return {{"schema", "sketchscope/learn/1"},
          {"config", settings::knobs_to_json(text.knobs)},
          {"result", std::move(result)}};
}

void print_learnt_text(std::ostream& stream, const LearntText& text) {
  stream << text.fitted.text << '\n';
  print_line(stream, "learnt from",
             std::to_string(text.fitted.samples) + " samples of " +
                 std::to_string(text.fitted.chunks) + " chunks");
  print_line(stream, "explained elsewhere", decimals(text.fitted.explained * 100, 1) + " %");
  if (text.contenders.empty()) return;
  stream << "Perplexity of text that played no part in it\n";
  for (const Contender& contender : text.contenders) {
    if (contender.evaluation.scored == 0) continue;
    print_line(stream, contender.name,
               text_of(*measure::perplexity(contender.evaluation.chunks), 4));
  }
  if (text.best == 0) return;
  const Contender& best = text.contenders[text.best];
  print_line(stream, "formula over " + best.name,
             text_of(*measure::perplexity_ratio(text.contenders.front().evaluation.chunks,
                                                best.evaluation.chunks),
                     4) +
                 ", paired");
}

/// `learn`: fits a formula for `policy formula` to what the full cache attends to later.
class LearnCommand final : public Subcommand {
 public:
  void declare(Flags& flags) override {
    flags.group("Run");
    flags.add("--text", text_, "file to learn from; - is standard input");
    flags.add("--max-tokens", max_tokens_, {4, kAny}, "use no more than its first N tokens");
    flags.add("--context", context_, {2, kAny}, "tokens of a chunk (default: the model's context)");
    start_.declare(flags, "begin each chunk with the start token, counted in its context");
    flags.add("--held-out", held_out_, {0, 90},
              "percent of the chunks, the last ones, on which the formula is compared with the "
              "policies and not fitted (default: 33; 0 compares nothing)");
    flags.add("--lanes", lanes_, {1, kLanesMaximum}, "chunks that advance together (default: 8)");
    common_.declare_json(flags);
    common_.declare_max_bytes(flags);
    common_.declare(flags);
  }

  void run(const std::stop_token& stop) override {
    if (text_.empty()) {
      throw core::UsageError({.what = "learn", .expected = "a text to learn from: --text FILE"});
    }
    const model::LoadedModel model = common_.open(stop);
    LearntText text{.knobs = common_.knobs(model)};
    const std::vector<int> tokens = measured_tokens(model, text_, max_tokens_, stop);
    const std::size_t fitted = fitted_tokens(model, tokens);
    ResultOutput output(common_.json(), stop);
    text.fitted = measure::fit_formula(model.model, std::span(tokens).first(fitted),
                                       {.knobs = text.knobs,
                                        .context = context_,
                                        .start_token = start_token(model),
                                        .threads = common_.threads()},
                                       Progress("learn").sink(), stop);
    text.knobs.policy = "formula";
    if (!text.fitted.text.empty()) text.knobs.formula = text.fitted.text;
    if (!text.fitted.interrupted && fitted < tokens.size()) {
      compare(model, std::span(tokens).subspan(fitted), text, stop);
    }
    output.write(learnt_text_json(text));
    output.print(!text.fitted.text.empty(),
                 [&](std::ostream& words) { print_learnt_text(words, text); });
  }

 private:
  std::optional<int> start_token(const model::LoadedModel& model) const {
    return model::start_token(model, start_.value());
  }

  /// Returns how many of the tokens, in whole chunks, the formula is fitted to.
  std::size_t fitted_tokens(const model::LoadedModel& model, std::span<const int> tokens) const {
    const int context = context_ == 0 ? model.model->config().positions : context_;
    const auto length = static_cast<std::size_t>(context - (start_token(model) ? 1 : 0));
    const std::size_t chunks = tokens.size() / std::max<std::size_t>(length, 1);
    const std::size_t held_out = chunks * static_cast<std::size_t>(held_out_) / 100;
    return held_out == 0 ? tokens.size() : (chunks - held_out) * length;
  }

  /// Measures the formula, every policy that evicts, the oracle and the full cache on the same
  /// chunks.
  void compare(const model::LoadedModel& model, std::span<const int> tokens, LearntText& text,
               const std::stop_token& stop) const {
    const auto add = [&](std::string_view name, const settings::Knobs& knobs, bool oracle) {
      if (stop.stop_requested()) return;
      text.contenders.push_back({std::string(name), evaluate(model, tokens, knobs, oracle, stop)});
    };
    settings::Knobs knobs = text.knobs;
    add(kLearnt, knobs, false);
    for (const policy::PolicyKind& kind : policy::policy_kinds()) {
      if (!kind.evicts || kind.takes_formula) continue;
      knobs.policy = kind;
      add(kind.name, knobs, false);
      if (is_better(text)) text.best = text.contenders.size() - 1;
    }
    add(kOracle, knobs, true);
    knobs.policy = "full";
    add("full", knobs, false);
    const bool whole = std::ranges::none_of(text.contenders, [](const Contender& contender) {
      return contender.evaluation.interrupted || contender.evaluation.scored == 0;
    });
    if (!whole) text.best = 0;  // chunks differ after an interruption
  }

  static bool is_better(const LearntText& text) {
    const Contender& last = text.contenders.back();
    return text.contenders.size() > 1 &&
           (text.best == 0 || last.evaluation.nll < text.contenders[text.best].evaluation.nll);
  }

  measure::Evaluation evaluate(const model::LoadedModel& model, std::span<const int> tokens,
                               const settings::Knobs& knobs, bool oracle,
                               const std::stop_token& stop) const {
    return measure::evaluate(model.model, tokens,
                             {.knobs = knobs,
                              .context = context_,
                              .start_token = start_token(model),
                              .audit = false,
                              .oracle = oracle,
                              .lanes = lanes_,
                              .threads = common_.threads()},
                             Progress(oracle ? "oracle" : knobs.policy.name()).sink(), stop);
  }

  CommonOptions common_;
  std::filesystem::path text_;
  StartTokenOption start_;
  int max_tokens_ = kAny;
  int context_ = 0;
  int held_out_ = 33;
  int lanes_ = 8;
};

}  // namespace

std::unique_ptr<Subcommand> make_learn_command() {
  return std::make_unique<LearnCommand>();
}

}  // namespace sketchscope::cli
