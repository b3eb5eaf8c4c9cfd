#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/branch/samples.hpp"
#include "engine/core/error.hpp"
#include "engine/model/model_directory.hpp"

namespace sketchscope::branch {

/// A sample and its weight. Weights are normalised by the functions below.
struct WeightedSample {
  std::vector<int> tokens;
  std::string text;  ///< decoded; different tokens may give equal texts
  double weight = 1;
};

/// Diversity of the samples of one prompt (docs/branching.md, "Diversity"). A figure is empty if
/// the samples are too few or too short for it.
struct Diversity {
  int distinct_texts = 0;
  /// The exponential of the entropy of the texts' weights: the number of distinct texts if all have
  /// equal weight, near 1 if one text has nearly all the weight.
  double effective_texts = 0;
  /// The ratio of distinct unigrams and bigrams to all of them. With unequal weights both counts
  /// are effective numbers, exponentials of entropies (Hill numbers of order 1).
  std::optional<double> distinct_1;
  std::optional<double> distinct_2;
  /// The mean BLEU-2 of a sample against all others; 1 if all are equal.
  std::optional<double> self_bleu;
};

/// Computes diversity with equal weights, which gives the common definition of distinct-n.
Diversity plain_diversity(std::vector<WeightedSample> samples);
/// Computes diversity with the samples' own weights.
Diversity weighted_diversity(std::span<const WeightedSample> samples);

/// One sample that branching drew.
struct SampledPath {
  int id = 0;
  std::optional<int> parent;
  std::vector<int> tokens;  ///< new tokens, including an end-of-text
  std::string text;         ///< without the end-of-text; ids if there is no tokenizer
  double log_probability = 0;
  std::vector<int> branch_positions;

  friend bool operator==(const SampledPath&, const SampledPath&) = default;
};

/// The result of one complete branching run.
struct BranchSamples {
  std::vector<SampledPath> paths;  ///< most likely first
  CostMeter meter;
  bool interrupted = false;
  bool reached_context_end = false;
};
/// Runs branching to its end. `progress` receives the share of steps made.
BranchSamples draw_branching(const model::LoadedModel& model, const BranchOptions& options,
                             ForkPages pages, const core::ProgressSink& progress,
                             const std::stop_token& stop);

/// Selects the caches to run branching with: pages shared by copy on write, full copies at each
/// fork, or both.
enum class CacheChoice : std::uint8_t { cow, copy, both };

/// Branching compared with equally many independent samples by each method.
struct BranchMeasurement {
  BranchSamples branching;          ///< with shared pages, unless only copies were requested
  std::optional<CostMeter> copies;  ///< cost of full copies, for `CacheChoice::both`
  std::map<SampleMethod, CostMeter> baselines;  ///< lacks methods that an interrupt skipped
  Diversity plain;
  Diversity weighted;     ///< weighted by path probability
  Diversity independent;  ///< of the independent samples
  bool interrupted = false;
};

/// Measures branching and its baselines. `progress` receives the name of the current measurement
/// and the share of it that is done. Throws Error if shared pages and copies give different paths.
BranchMeasurement measure_branching(const model::LoadedModel& model, const BranchOptions& options,
                                    CacheChoice caches,
                                    const std::function<void(const std::string&, double)>& progress,
                                    const std::stop_token& stop);

}  // namespace sketchscope::branch
