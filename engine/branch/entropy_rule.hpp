#pragma once

#include <span>
#include <vector>

#include "engine/core/random.hpp"
#include "engine/decode/sampler.hpp"
#include "engine/settings/knobs.hpp"

namespace sketchscope {

/// Entropy of the distribution that a token is drawn from, −Σ p ln p, as a share of ln V: 0 to 1.
double normalised_entropy(std::span<const TokenChance> chances, int vocabulary);

/// How many distinct tokens a path goes on with at this entropy (design section 4): 1 below the
/// threshold, `branch_factor` from it on. With `branch_growth` entropy the number rises in even
/// steps instead, from 2 at the threshold to `branch_factor` at entropy 1.
int wanted_children(const Knobs& knobs, double entropy);

/// Draws up to `count` distinct tokens one after the other without replacement, in the order drawn;
/// fewer where fewer have any chance. Each keeps the probability it has in `chances`. Takes one
/// random number a token.
std::vector<TokenChance> draw_distinct(std::span<const TokenChance> chances, int count,
                                       SplitMix64& random);

}  // namespace sketchscope
