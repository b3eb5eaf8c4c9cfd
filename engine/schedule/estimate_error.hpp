#pragma once

#include <optional>

#include "engine/decode/lane.hpp"
#include "engine/schedule/lane_run.hpp"

namespace sketchscope {

/// A lane's sketches against the exact masses of its audit, over all items that were counted; the
/// mean over layers. Empty without a sketch, without an audit, or where an item is neither a
/// position nor a token, whose exact masses are not kept.
std::optional<EstimateError> estimate_error_of(const Lane& lane);

}  // namespace sketchscope
