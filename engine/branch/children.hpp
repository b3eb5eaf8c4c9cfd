#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "engine/branch/path_tree.hpp"
#include "engine/core/random.hpp"
#include "engine/settings/knobs.hpp"

namespace sketchscope {

/// A candidate continuation of a live path, proposed before any lane is forked.
struct Child {
  std::size_t path = 0;  ///< index among the live paths
  DrawnToken drawn;
  double log_probability = 0;  ///< of the path including this token
};

/// Returns the candidate tokens of a path with these logits (V), each with its log-probability.
std::vector<DrawnToken> offer_tokens(std::span<const float> logits, const Knobs& knobs,
                                     SplitMix64& random);

/// Returns the token that a person chose. Throws UsageError if the filters give it no probability.
DrawnToken chosen_token(std::span<const float> logits, const Knobs& knobs, int token);

/// Returns the `count` most likely children in their original order; ties prefer the earlier.
std::vector<Child> keep_likeliest(std::vector<Child> children, int count);

}  // namespace sketchscope
