#include "engine/measure/continuation.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "engine/schedule/schedule.hpp"

namespace sketchscope::measure {
namespace {

// The clipped n-gram precision of BLEU: the share of the candidate's n-grams that some reference
// has, each counted at most as often as it occurs there.
double clipped_precision(std::span<const int> candidate,
                         std::span<const std::vector<int>> references, int order) {
  NgramCounts allowed;
  for (const std::vector<int>& reference : references) {
    for (const auto& [run, count] : count_ngrams(reference, order)) {
      allowed[run] = std::max(allowed[run], count);
    }
  }
  int matched = 0;
  int all = 0;
  for (const auto& [run, count] : count_ngrams(candidate, order)) {
    const auto found = allowed.find(run);
    matched += found == allowed.end() ? 0 : std::min(count, found->second);
    all += count;
  }
  return all > 0 ? static_cast<double>(matched) / all : 0;
}

double brevity_penalty(std::size_t candidate, std::span<const std::vector<int>> references) {
  const auto distance = [&](const std::vector<int>& reference) {
    return std::abs(static_cast<double>(reference.size()) - static_cast<double>(candidate));
  };
  const auto nearest = std::ranges::min_element(references, [&](const auto& a, const auto& b) {
    return distance(a) != distance(b) ? distance(a) < distance(b) : a.size() < b.size();
  });
  if (candidate >= nearest->size()) return 1;
  return std::exp(1 - static_cast<double>(nearest->size()) / static_cast<double>(candidate));
}

constexpr int kLongestNgram = 4;

schedule::LaneRequest request_of(std::span<const int> prompt, const settings::Knobs& knobs,
                                 const ContinuationOptions& options,
                                 const model::ModelConfig& config) {
  schedule::LaneRequest request{
      .lane = {.knobs = knobs, .audit = options.audit},
      .passage = {.prompt = prompt, .drawn = {.tokens = options.max_new_tokens}}};
  request.lane.knobs.temperature = 0;
  if (options.stop_at_end_of_text) request.passage.drawn.end_tokens = config.ends_of_text;
  return request;
}

std::vector<int> tokens_of(const schedule::LaneOutcome& outcome) {
  std::vector<int> tokens = outcome.drawn;
  if (outcome.end == schedule::SequenceEnd::end_token) tokens.pop_back();
  return tokens;
}

}  // namespace

NgramCounts count_ngrams(std::span<const int> tokens, int order) {
  NgramCounts counts;
  const auto length = static_cast<std::size_t>(order);
  for (std::size_t start = 0; start + length <= tokens.size(); ++start) {
    const auto run = tokens.subspan(start, length);
    ++counts[{run.begin(), run.end()}];
  }
  return counts;
}

double bleu(std::span<const int> candidate, std::span<const std::vector<int>> references,
            int longest) {
  if (candidate.empty() || references.empty()) return 0;
  double log_sum = 0;
  for (int order = 1; order <= longest; ++order) {
    const double precision = clipped_precision(candidate, references, order);
    if (precision <= 0) return 0;
    log_sum += std::log(precision);
  }
  return brevity_penalty(candidate.size(), references) * std::exp(log_sum / longest);
}

Continuations continue_prompts(std::shared_ptr<const model::Model> model,
                               std::span<const std::vector<int>> prompts,
                               const ContinuationOptions& options,
                               const core::ProgressSink& progress, std::stop_token stop) {
  Continuations result;
  std::vector<schedule::LaneGroup> groups;
  for (const std::vector<int>& prompt : prompts) {
    groups.push_back({request_of(prompt, options.knobs, options, model->config())});
    groups.back().front().on_step = [&](const schedule::LaneStep& step) {
      schedule::add_step(result.totals, step);
    };
  }
  decode::Session session(std::move(model), options.threads);
  const schedule::ScheduleOutcome outcome = schedule::run_schedule(
      session,
      {.groups = groups,
       .lanes = static_cast<std::size_t>(options.lanes),
       .on_pass =
           [&](const schedule::SchedulePass& pass) { schedule::add_pass(result.totals, pass); },
       .progress = progress},
      stop);
  result.interrupted = outcome.interrupted;
  for (const std::vector<schedule::LaneOutcome>& lanes : outcome.groups) {
    result.tokens.push_back(lanes.empty() ? std::vector<int>() : tokens_of(lanes.front()));
  }
  return result;
}

Likeness compare_continuation(std::span<const int> tokens, const std::vector<int>& full) {
  Likeness likeness{.bleu4 = bleu(tokens, {&full, 1}, kLongestNgram),
                    .tokens = static_cast<int>(std::max(tokens.size(), full.size()))};
  likeness.first_divergence =
      static_cast<int>(std::ranges::mismatch(tokens, full).in1 - tokens.begin());
  for (std::size_t at = 0; at < std::min(tokens.size(), full.size()); ++at) {
    likeness.agreed += tokens[at] == full[at] ? 1 : 0;
  }
  return likeness;
}

LikenessMeans means_of(std::span<const Likeness> likenesses) {
  std::vector<Portion> bleu4;
  std::vector<Portion> agreement;
  std::vector<Portion> first_divergence;
  LikenessMeans means{.prompts = static_cast<int>(likenesses.size())};
  for (const Likeness& likeness : likenesses) {
    means.identical += likeness.identical() ? 1 : 0;
    const double compared = likeness.tokens > 0 ? 1 : 0;
    bleu4.push_back({.sum = likeness.bleu4, .weight = likeness.tokens < kLongestNgram ? 0.0 : 1.0});
    agreement.push_back({.sum = static_cast<double>(likeness.agreed),
                         .weight = static_cast<double>(likeness.tokens)});
    first_divergence.push_back(
        {.sum = static_cast<double>(likeness.first_divergence), .weight = compared});
  }
  means.bleu4 = estimate_mean(bleu4);
  means.agreement = estimate_mean(agreement);
  means.first_divergence = estimate_mean(first_divergence);
  return means;
}

std::optional<LikenessMeans> compare_with_full(std::shared_ptr<const model::Model> model,
                                               std::span<const std::vector<int>> prompts,
                                               const ContinuationOptions& options,
                                               const core::ProgressSink& progress,
                                               std::stop_token stop) {
  std::vector<schedule::LaneGroup> groups;
  for (const std::vector<int>& prompt : prompts) {
    groups.push_back(
        {request_of(prompt, options.knobs, options, model->config()),
         request_of(prompt, schedule::full_cache_knobs(options.knobs), options, model->config())});
  }
  decode::Session session(std::move(model), options.threads);
  const schedule::ScheduleOutcome outcome =
      schedule::run_schedule(session,
                             {.groups = groups,
                              .lanes = 2 * static_cast<std::size_t>(options.lanes),
                              .progress = progress},
                             stop);
  if (outcome.interrupted) return std::nullopt;
  std::vector<Likeness> likenesses;
  for (const std::vector<schedule::LaneOutcome>& lanes : outcome.groups) {
    likenesses.push_back(compare_continuation(tokens_of(lanes.front()), tokens_of(lanes.back())));
  }
  return means_of(likenesses);
}

}  // namespace sketchscope::measure
