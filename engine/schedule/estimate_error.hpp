#pragma once

#include <optional>

#include "engine/decode/lane.hpp"

namespace sketchscope {

/// The error of a sketch's estimates against the exact masses, as a share of the total mass N that
/// the sketch counted.
struct EstimateError {
  double mean = 0;
  double largest = 0;
  double bound = 0;         ///< the sketch's guaranteed bound on overestimation
  double within_bound = 0;  ///< share of estimates whose error is at most `bound`
};

/// Compares a lane's sketches with the exact masses of its audit over all counted items, and
/// averages over layers. Returns nothing without a sketch or an audit, or where items are neither
/// positions nor tokens, because the audit keeps exact masses for these two alone.
std::optional<EstimateError> estimate_error_of(const Lane& lane);

}  // namespace sketchscope
