#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "engine/branch/path_tree.hpp"
#include "engine/core/random.hpp"
#include "engine/settings/knobs.hpp"

namespace sketchscope {

/// A token offered to one of the live paths, before anything is forked.
struct Child {
  std::size_t path = 0;  ///< index among the live paths
  DrawnToken drawn;
  double log_probability = 0;  ///< of the whole path with this token
};

/// The tokens a path offers after these logits (V), each with its own log-probability.
std::vector<DrawnToken> offer_tokens(std::span<const float> logits, const Knobs& knobs,
                                     SplitMix64& random);

/// The token that a hand chose. Throws UsageError where the filters leave it no chance.
DrawnToken chosen_token(std::span<const float> logits, const Knobs& knobs, int token);

/// The `count` likeliest children, in the order in which they came. Equal ones: the earlier.
std::vector<Child> keep_likeliest(std::vector<Child> children, int count);

}  // namespace sketchscope
