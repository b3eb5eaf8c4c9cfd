#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "engine/branch/path_tree.hpp"
#include "engine/core/random.hpp"
#include "engine/decode/sampler.hpp"
#include "engine/settings/knobs.hpp"

namespace sketchscope::branch {

/// Returns the entropy −Σ p ln p of the distribution that a token is drawn from, divided by ln V,
/// so that it is 0 to 1.
double normalised_entropy(std::span<const decode::TokenChance> chances, int vocabulary);

/// Returns how many distinct tokens a path continues with at this entropy (docs/branching.md, "When
/// a path forks"): 1 below the threshold, `branch_factor` from it on. With `branch_growth` entropy
/// the number rises in equal steps from 2 at the threshold to `branch_factor` at entropy 1.
int wanted_children(const settings::Knobs& knobs, double entropy);

/// Draws up to `count` distinct tokens without replacement, in the order of the draws; fewer if
/// fewer have a positive probability. Each keeps its probability in `chances`. Uses one random
/// number per token.
std::vector<decode::TokenChance> draw_distinct(std::span<const decode::TokenChance> chances,
                                               int count, core::SplitMix64& random);

/// A candidate continuation of a live path, proposed before any lane is forked.
struct Child {
  std::size_t path = 0;  ///< index among the live paths
  DrawnToken drawn;
  double log_probability = 0;  ///< of the path including this token
};

/// Where a path stands.
struct PathEnd {
  std::span<const int> tokens;    ///< of the prompt and the path, for the repetition penalty
  std::span<const float> logits;  ///< (V), of what follows
};

/// Returns the candidate tokens of a path, each with its log-probability.
std::vector<DrawnToken> offer_tokens(const PathEnd& end, const settings::Knobs& knobs,
                                     core::SplitMix64& random);

/// Returns the token that a person chose. Throws UsageError if the filters give it no probability.
DrawnToken chosen_token(const PathEnd& end, const settings::Knobs& knobs, int token);

/// Returns the `count` most likely children in their original order; ties prefer the earlier.
std::vector<Child> keep_likeliest(std::vector<Child> children, int count);

}  // namespace sketchscope::branch
