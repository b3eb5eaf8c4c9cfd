#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "engine/model/model.hpp"

namespace sketchscope::support {

/// Returns the logits of a whole sequence (N, V) from one pass under plain attention, without the
/// engine's caches.
std::vector<float> logits_of(const model::Model& model, const std::vector<int>& tokens);

/// Returns the `count` tokens of highest logit that follow, each from a pass over all before it.
std::vector<int> greedy_continuation(const model::Model& model, std::vector<int> tokens,
                                     std::size_t count);

/// Returns the largest difference of two rows of logits over the largest magnitude expected.
float relative_difference(std::span<const float> found, std::span<const float> expected);

}  // namespace sketchscope::support
