#pragma once

#include <span>
#include <vector>

#include "engine/core/random.hpp"
#include "engine/decode/sampler.hpp"
#include "engine/settings/knobs.hpp"

namespace sketchscope {

/// Returns the entropy −Σ p ln p of the distribution that a token is drawn from, divided by ln V,
/// so that it is 0 to 1.
double normalised_entropy(std::span<const TokenChance> chances, int vocabulary);

/// Returns how many distinct tokens a path continues with at this entropy (docs/branching.md, "When
/// a path forks"): 1 below the threshold, `branch_factor` from it on. With `branch_growth` entropy
/// the number rises in equal steps from 2 at the threshold to `branch_factor` at entropy 1.
int wanted_children(const Knobs& knobs, double entropy);

/// Draws up to `count` distinct tokens without replacement, in the order of the draws; fewer if
/// fewer have a positive probability. Each keeps its probability in `chances`. Uses one random
/// number per token.
std::vector<TokenChance> draw_distinct(std::span<const TokenChance> chances, int count,
                                       SplitMix64& random);

}  // namespace sketchscope
