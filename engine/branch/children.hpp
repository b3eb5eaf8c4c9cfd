#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "engine/branch/path_tree.hpp"
#include "engine/core/random.hpp"
#include "engine/decode/sampler.hpp"
#include "engine/settings/knobs.hpp"

namespace sketchscope::branch {

/// Returns the entropy −Σ p ln p of the distribution that a token is drawn from, divided by its
/// greatest possible value ln V, so that one threshold suits vocabularies of any size.
double normalised_entropy(std::span<const decode::TokenChance> chances, int vocabulary);

/// Returns how many distinct tokens a path continues with at this entropy (docs/branching.md, "When
/// a path forks"): 1 below the threshold, otherwise `branch_factor`. With `branch_growth` entropy
/// the number rises in equal steps from 2 at the threshold to `branch_factor` at entropy 1.
int wanted_children(const settings::Knobs& knobs, double entropy);

/// Draws up to `count` distinct tokens without replacement, in the order of the draws; fewer if
/// fewer have a positive probability. Each is returned with its probability in `chances`,
/// not with that among the tokens left. Uses one random number per token.
std::vector<decode::TokenChance> draw_distinct(std::span<const decode::TokenChance> chances,
                                               int count, core::SplitMix64& random);

/// A token with which a live path may continue. All paths propose theirs before any lane is forked,
/// so that forks are made only of those kept.
struct Child {
  std::size_t path = 0;  ///< index among the live paths
  DrawnToken drawn;
  double log_probability = 0;  ///< log-probability of the path with this token
};

/// The tokens of a path and the logits of what follows.
struct PathEnd {
  std::span<const int> tokens;    ///< of the prompt and the path, for the repetition penalty
  std::span<const float> logits;  ///< (V)
};

/// Draws the tokens that a path proposes, as many as wanted_children() says.
std::vector<DrawnToken> offer_tokens(const PathEnd& end, const settings::Knobs& knobs,
                                     core::SplitMix64& random);

/// Returns the token that a person chose. Throws UsageError if the filters give it no probability.
DrawnToken chosen_token(const PathEnd& end, const settings::Knobs& knobs, int token);

/// Returns the `count` most likely children in their original order; ties prefer the earlier.
std::vector<Child> keep_likeliest(std::vector<Child> children, int count);

}  // namespace sketchscope::branch
