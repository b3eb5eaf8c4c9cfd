#include "gui/app/run_figures.hpp"

#include <algorithm>
#include <optional>

#include "gui/app/run_summary.hpp"
#include "gui/plot/value_format.hpp"
#include "gui/view/closeness.hpp"

namespace sketchscope::app {
namespace {

std::string text_of(const std::optional<double>& value, plot::ValueFormat format) {
  return value ? format(*value) : std::string(plot::kAbsent);
}

std::string nats_text(double value) {
  return plot::fixed_text(value, 2) + " nats";
}

plot::Color color_of(const std::optional<view::Closeness>& closeness, const plot::Theme& theme) {
  if (!closeness) return theme.text;
  switch (*closeness) {
    case view::Closeness::close:
      return theme.good;
    case view::Closeness::drifting:
      return theme.pending;
    case view::Closeness::repeating:
    case view::Closeness::broken:
      break;
  }
  return theme.bad;
}

std::string limits_help() {
  const view::ClosenessLimits limits;
  const auto percent = [](double share) { return plot::format_percent(share); };
  return "The latest " + std::to_string(view::DrawnTokens::kLatest) +
         " tokens beside the full-cache twin. broken: a next-token KL of " +
         plot::format_number(limits.broken_kl) +
         " nats or more, or the same likeliest token in "
         "less than " +
         percent(limits.broken_agreement) + " of the steps. repeating: fewer than " +
         percent(limits.repeating_tokens) + " of the tokens are distinct. drifting: from " +
         plot::format_number(limits.drifting_kl) + " nats or below " +
         percent(limits.drifting_agreement) + ". Else close.";
}

/// Adds the figures that tell whether the text can be trusted.
void add_closeness(std::vector<RunFigure>& figures, const view::DrawnTokens& drawn,
                   const plot::Theme& theme) {
  const auto closeness = drawn.closeness();
  const plot::Color color = color_of(closeness, theme);
  const std::string words(closeness ? view::closeness_text(*closeness) : plot::kAbsent);
  figures.push_back({0, "text", words, color, limits_help()});
  figures.push_back(
      {2, "KL", text_of(drawn.logit_kl, nats_text), color,
       "KL of the next-token distributions, full cache against lane, mean over the latest tokens: "
       "0 means that the cap changed nothing."});
  figures.push_back({4, "top-1", text_of(drawn.top1_agreement, plot::format_percent), color,
                     "Share of the latest steps in which lane and full-cache twin find the same "
                     "next token the likeliest."});
}

/// Adds the perplexity of the tokens that were given, in colour against the full cache's.
void add_perplexity(std::vector<RunFigure>& figures, const RunSummary& summary,
                    const plot::Theme& theme) {
  const std::optional<double>& change = summary.given_perplexity_change;
  std::string words = plot::fixed_text(*summary.given_perplexity, 2);
  if (change) words += " (" + plot::format_signed_percent(*change) + ")";
  std::string help = "Perplexity of the " + std::to_string(summary.given_tokens) +
                     " tokens that were given, under this cache";
  if (summary.given_twin_perplexity) {
    help += "; under the full cache " + plot::fixed_text(*summary.given_twin_perplexity, 2);
  }
  const plot::Color color = !change ? theme.text : *change > 0 ? theme.pending : theme.good;
  figures.push_back({1, "ppl", words, color, help + "."});
}

}  // namespace

std::vector<RunFigure> run_figures(const view::History& history, const model::ModelConfig& config,
                                   const plot::Theme& theme, std::size_t text_tokens) {
  const RunSummary summary = summarize(history);
  const record::StepRecord* latest = history.latest();
  const std::string step =
      latest != nullptr ? std::to_string(latest->step) : std::string(plot::kAbsent);
  const std::string used = std::to_string(latest != nullptr ? latest->position + 1 : 0);
  const std::string time =
      summary.step_ms ? plot::format_milliseconds(*summary.step_ms) + "/step" : "– ms/step";
  const auto less_is_good = [&](const std::optional<double>& change) {
    return change.value_or(0) > 0 ? theme.pending : theme.good;
  };
  std::vector<RunFigure> figures = {
      {1, "step", step, theme.text, "Forward passes of this run, from 0."},
      text_tokens > 0
          ? RunFigure{2, "given", used + " / " + std::to_string(text_tokens), theme.text,
                      "Tokens of the text that were given so far, and how many there are."}
          : RunFigure{5, "tokens", used + " / " + std::to_string(config.positions), theme.text,
                      "Tokens in the context, and how many the model has room for."},
      {6, "", time, theme.text, "Median time of the latest steps, all lanes together."},
      {7, "policy", text_of(summary.policy_share, plot::format_percent), theme.text,
       "Share of a step's time that policy and sketch take, over the latest steps."}};
  add_closeness(figures, summary.drawn, theme);
  if (summary.given_perplexity) add_perplexity(figures, summary, theme);
  figures.push_back(
      {3, "cache", text_of(summary.cache_change, plot::format_signed_percent),
       less_is_good(summary.cache_change),
       "Bytes of keys, values, sketch and statistics, against the full cache's at this position."});
  return figures;
}

}  // namespace sketchscope::app
