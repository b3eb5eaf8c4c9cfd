#pragma once

#include <optional>

#include "engine/decode/lane.hpp"

namespace sketchscope {

/// How far a sketch's estimates lay from the exact masses, as shares of all mass N it counted.
struct EstimateError {
  double mean = 0;
  double largest = 0;
  double bound = 0;         ///< the sketch's own, above the truth
  double within_bound = 0;  ///< share of the estimates
};

/// A lane's sketches against the exact masses of its audit, over all items that were counted; the
/// mean over layers. Empty without a sketch, without an audit, or where an item is neither a
/// position nor a token, whose exact masses are not kept.
std::optional<EstimateError> estimate_error_of(const Lane& lane);

}  // namespace sketchscope
