#pragma once

#include <span>

#include "engine/policy/policy.hpp"

namespace sketchscope::policy {

/// Writes the sketch's estimate of every stored position's accumulated mass to `estimates` (S).
/// With the key `head-position` a position has one item per head, whose estimates are summed.
/// Throws Error without a sketch.
void sketch_estimates(const ScoreInput& input, std::span<float> estimates);

}  // namespace sketchscope::policy
