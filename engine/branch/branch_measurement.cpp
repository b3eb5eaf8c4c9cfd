#include "engine/branch/branch_measurement.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <string_view>
#include <utility>

#include "engine/branch/branch_run.hpp"
#include "engine/core/error.hpp"
#include "engine/measure/continuation.hpp"

namespace sketchscope::branch {
namespace {

constexpr int kSelfBleuOrder = 2;  // tokens of the longest n-grams compared

/// The exponential of the entropy of weights, which are normalised; 0 without weights.
class EffectiveNumber {
 public:
  void add(double weight) {
    if (weight <= 0) return;
    sum_ += weight;
    weighted_log_ += weight * std::log(weight);
  }
  [[nodiscard]] double value() const {
    return sum_ > 0 ? std::exp(std::log(sum_) - weighted_log_ / sum_) : 0;
  }

 private:
  double sum_ = 0;
  double weighted_log_ = 0;
};

double effective_texts(std::span<const WeightedSample> samples) {
  std::map<std::string_view, double> weights;
  for (const WeightedSample& sample : samples) weights[sample.text] += sample.weight;
  EffectiveNumber number;
  for (const auto& [text, weight] : weights) number.add(weight);
  return number.value();
}

std::optional<double> plain_distinct(std::span<const WeightedSample> samples, int order) {
  measure::NgramCounts together;
  double all = 0;
  for (const WeightedSample& sample : samples) {
    for (const auto& [run, count] : measure::count_ngrams(sample.tokens, order)) {
      together[run] += count;
      all += count;
    }
  }
  if (all <= 0) return std::nullopt;
  return static_cast<double>(together.size()) / all;
}

std::optional<double> weighted_distinct(std::span<const WeightedSample> samples, int order) {
  std::map<std::vector<int>, double> together;
  EffectiveNumber occurrences;
  for (const WeightedSample& sample : samples) {
    for (const auto& [run, count] : measure::count_ngrams(sample.tokens, order)) {
      together[run] += sample.weight * count;
      for (int times = 0; times < count; ++times) occurrences.add(sample.weight);
    }
  }
  EffectiveNumber different;
  for (const auto& [run, weight] : together) different.add(weight);
  if (occurrences.value() <= 0) return std::nullopt;
  return different.value() / occurrences.value();
}

std::optional<double> self_bleu(std::span<const WeightedSample> samples) {
  if (samples.size() < 2) return std::nullopt;
  double sum = 0;
  double weights = 0;
  for (std::size_t own = 0; own < samples.size(); ++own) {
    std::vector<std::vector<int>> others;
    for (std::size_t other = 0; other < samples.size(); ++other) {
      if (other != own) others.push_back(samples[other].tokens);
    }
    sum += samples[own].weight * measure::bleu(samples[own].tokens, others, kSelfBleuOrder);
    weights += samples[own].weight;
  }
  if (weights <= 0) return std::nullopt;
  return sum / weights;
}

int distinct_texts(std::span<const WeightedSample> samples) {
  std::set<std::string_view> texts;
  for (const WeightedSample& sample : samples) texts.insert(sample.text);
  return static_cast<int>(texts.size());
}

std::string text_of(const model::LoadedModel& model, const BranchOptions& options,
                    std::vector<int> tokens) {
  const bool ended = options.stop_at_end_of_text && !tokens.empty() &&
                     model.model->config().ends_text(tokens.back());
  if (ended) tokens.pop_back();
  if (model.tokenizer) return model.tokenizer->decode(tokens);
  std::string ids;
  for (const int token : tokens) ids += std::to_string(token) + " ";
  return ids;
}

SampledPath sampled_path(const model::LoadedModel& model, const BranchOptions& options,
                         const PathTree& tree, int id) {
  return {.id = id,
          .parent = tree.path(id).parent,
          .tokens = tree.tokens_of(id),
          .text = text_of(model, options, tree.tokens_of(id)),
          .log_probability = tree.leaf(id).log_probability,
          .branch_positions = tree.branch_positions_of(id)};
}

// The first pass also reads the weights into memory and starts the threads, a cost that must not
// count for whichever method runs first.
void warm_up(const std::shared_ptr<const model::Model>& model, const BranchOptions& options) {
  BranchOptions brief = options;
  brief.max_new_tokens = 2;
  draw_samples(model, brief, SampleMethod::sequential, 1, {});
}

void measure_diversity(BranchMeasurement& measurement) {
  std::vector<WeightedSample> samples;
  const std::vector<SampledPath>& paths = measurement.branching.paths;
  for (const SampledPath& path : paths) {
    // The weight is relative to the most likely path, as the probabilities of long paths underflow.
    const double weight = std::exp(path.log_probability - paths.front().log_probability);
    samples.push_back({.tokens = path.tokens, .text = path.text, .weight = weight});
  }
  measurement.plain = plain_diversity(samples);
  measurement.weighted = weighted_diversity(samples);
}

Diversity diversity_of(const model::LoadedModel& model, const BranchOptions& options,
                       const IndependentSamples& independent) {
  std::vector<WeightedSample> samples;
  for (const std::vector<int>& tokens : independent.tokens) {
    samples.push_back({.tokens = tokens, .text = text_of(model, options, tokens)});
  }
  return plain_diversity(std::move(samples));
}

void check_same_paths(const std::vector<SampledPath>& shared,
                      const std::vector<SampledPath>& copied) {
  if (shared == copied) return;
  throw core::Error({.what = "paths on shared pages and on copies differ",
                     .expected = "the same to the last bit",
                     .remedy = "This is a defect of the program; please report the configuration"});
}

}  // namespace

Diversity plain_diversity(std::vector<WeightedSample> samples) {
  for (WeightedSample& sample : samples) sample.weight = 1;
  return {.distinct_texts = distinct_texts(samples),
          .effective_texts = effective_texts(samples),
          .distinct_1 = plain_distinct(samples, 1),
          .distinct_2 = plain_distinct(samples, 2),
          .self_bleu = self_bleu(samples)};
}

Diversity weighted_diversity(std::span<const WeightedSample> samples) {
  return {.distinct_texts = distinct_texts(samples),
          .effective_texts = effective_texts(samples),
          .distinct_1 = weighted_distinct(samples, 1),
          .distinct_2 = weighted_distinct(samples, 2),
          .self_bleu = self_bleu(samples)};
}

BranchSamples draw_branching(const model::LoadedModel& model, const BranchOptions& options,
                             ForkPages pages, const core::ProgressSink& progress,
                             const std::stop_token& stop) {
  BranchRun run(model.model, options, pages);
  BranchSamples samples;
  for (int steps = 1; !run.finished(); ++steps) {
    samples.interrupted = stop.stop_requested();
    if (samples.interrupted) run.stop();
    run.step();
    if (progress) progress(static_cast<double>(steps) / options.max_new_tokens);
  }
  for (const int id : run.paths_by_probability()) {
    samples.paths.push_back(sampled_path(model, options, run.tree(), id));
  }
  samples.meter = run.meter();
  const auto room = static_cast<std::size_t>(run.session().model().config().positions) + 1 -
                    options.prompt.size();
  const bool bounded =
      !schedule::may_outgrow_context(options.knobs, run.session().model().config());
  samples.reached_context_end =
      bounded && room < static_cast<std::size_t>(options.max_new_tokens) &&
      std::ranges::any_of(samples.paths,
                          [&](const SampledPath& path) { return path.tokens.size() == room; });
  return samples;
}

BranchMeasurement measure_branching(const model::LoadedModel& model, const BranchOptions& options,
                                    CacheChoice caches,
                                    const std::function<void(const std::string&, double)>& progress,
                                    const std::stop_token& stop) {
  const auto show = [&](const std::string& what) {
    return [&progress, what](double share) {
      if (progress) progress(what, share);
    };
  };
  warm_up(model.model, options);
  BranchMeasurement measurement;
  const ForkPages pages = caches == CacheChoice::copy ? ForkPages::copy : ForkPages::share;
  measurement.branching = draw_branching(model, options, pages, show("branching"), stop);
  if (caches == CacheChoice::both && !stop.stop_requested()) {
    const BranchSamples copied =
        draw_branching(model, options, ForkPages::copy, show("branching on copies"), stop);
    if (!copied.interrupted && !measurement.branching.interrupted) {
      check_same_paths(measurement.branching.paths, copied.paths);
      measurement.copies = copied.meter;
    }
  }
  measure_diversity(measurement);
  const int count = static_cast<int>(measurement.branching.paths.size());
  for (const auto& [method, name] : core::enum_names<SampleMethod>) {
    if (stop.stop_requested()) break;
    show(std::string(name))(0.5);
    const IndependentSamples samples = draw_samples(model.model, options, method, count, stop);
    if (samples.interrupted) break;
    measurement.baselines.emplace(method, samples.meter);
    measurement.independent = diversity_of(model, options, samples);
  }
  measurement.interrupted = stop.stop_requested();
  return measurement;
}

}  // namespace sketchscope::branch
