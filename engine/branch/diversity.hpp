#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace sketchscope {

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

}  // namespace sketchscope
