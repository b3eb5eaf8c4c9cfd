#pragma once

#include <span>
#include <vector>

#include "engine/core/random.hpp"

namespace sketchscope::decode {

/// How the next token is drawn from logits.
struct Sampling {
  double temperature = 0;  ///< 0 is greedy
  int top_k = 0;           ///< 0 is off
  double top_p = 1;        ///< 1 is off
};

/// A token and what the filtered distribution gave it.
struct TokenChance {
  int token = 0;
  double probability = 0;
};

/// The distribution after temperature, then top-k, then top-p, renormalised; tokens of equal logit
/// are ordered by id. Greedy (temperature 0) leaves the likeliest alone. Sorted, likeliest first,
/// only where a filter is on; else by id.
std::vector<TokenChance> filtered_distribution(std::span<const float> logits,
                                               const Sampling& sampling);

/// Draws one token. Uses one number of `random` unless greedy.
int sample(std::span<const float> logits, const Sampling& sampling, core::SplitMix64& random);

}  // namespace sketchscope::decode
