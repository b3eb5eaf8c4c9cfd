#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace sketchscope {

/// A sample and how much it counts; weights need not add up to 1.
struct WeightedSample {
  std::vector<int> tokens;
  std::string text;  ///< as a person reads it: different tokens may spell the same
  double weight = 1;
};

/// How much samples of one prompt differ. A figure that the samples are too few or too short for
/// is empty.
struct Diversity {
  int distinct_texts = 0;
  /// exp of the entropy of the texts' weights: the number of distinct texts where all weigh the
  /// same, near 1 where one text has nearly all the weight.
  double effective_texts = 0;
  /// Different runs of one, and of two, tokens by all such runs. With unequal weights both numbers
  /// are effective ones, exponentials of entropies (Hill numbers of order 1).
  std::optional<double> distinct_1;
  std::optional<double> distinct_2;
  /// Mean BLEU-2 of a sample against all others: 1 where they are alike.
  std::optional<double> self_bleu;
};

/// Every sample counts the same, whatever its weight: different runs by all runs, as distinct-n is
/// commonly defined.
Diversity plain_diversity(std::vector<WeightedSample> samples);
/// Samples count by their weights.
Diversity weighted_diversity(std::span<const WeightedSample> samples);

}  // namespace sketchscope
