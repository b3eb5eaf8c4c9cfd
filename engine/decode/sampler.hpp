#pragma once

#include <span>
#include <vector>

#include "engine/core/random.hpp"

namespace sketchscope::decode {

/// Options of drawing the next token from logits.
struct Sampling {
  double temperature = 0;  ///< 0 is greedy
  int top_k = 0;           ///< 0 is off
  double top_p = 1;        ///< 1 is off
};

/// A token and its probability in the filtered distribution.
struct TokenChance {
  int token = 0;
  double probability = 0;
};

/// Returns the distribution after temperature, then top-k, then top-p, renormalised; greedy
/// (temperature 0) keeps only the likeliest token. The tokens are ordered by probability if a
/// filter is on, otherwise by id; tokens of equal logit are always ordered by id.
std::vector<TokenChance> filtered_distribution(std::span<const float> logits,
                                               const Sampling& sampling);

/// Draws one token. Uses one number of `random` unless greedy.
int sample(std::span<const float> logits, const Sampling& sampling, core::SplitMix64& random);

}  // namespace sketchscope::decode
