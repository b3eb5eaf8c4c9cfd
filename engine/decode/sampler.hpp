#pragma once

#include <span>
#include <vector>

#include "engine/core/random.hpp"
#include "engine/settings/knobs.hpp"

namespace sketchscope::decode {

/// Options of drawing the next token from logits.
struct Sampling {
  double temperature = 0;  ///< 0 is greedy
  int top_k = 0;           ///< 0 is off
  double top_p = 1;        ///< 1 is off
  /// Applied once to each distinct token in `seen`: its logit is divided by this number if
  /// positive, else multiplied by it (Keskar et al., CTRL, arXiv 1909.05858, as in Hugging Face
  /// transformers). 1 is off.
  double repetition_penalty = 1;
  std::span<const int> seen = {};  ///< the tokens of prompt and text so far
};

/// Returns the sampling that the knobs ask for after the tokens `seen`, which must outlive it.
Sampling sampling_of(const settings::Knobs& knobs, std::span<const int> seen);

/// A token and its probability in the filtered distribution.
struct TokenChance {
  int token = 0;
  double probability = 0;
};

/// Returns the distribution after the repetition penalty, temperature, then top-k, then top-p,
/// renormalised; greedy (temperature 0) keeps only the likeliest token. The tokens are ordered by
/// probability if a filter is on, otherwise by id; tokens of equal logit are always ordered by id.
std::vector<TokenChance> filtered_distribution(std::span<const float> logits,
                                               const Sampling& sampling);

/// Draws one token. Uses one number of `random` unless greedy.
int sample(std::span<const float> logits, const Sampling& sampling, core::SplitMix64& random);

}  // namespace sketchscope::decode
