#pragma once

#include "engine/decode/read_phase.hpp"

namespace sketchscope {

/// Third phase of a layer's step: statistics, sketch, exact counters and the layer's need of slots
/// gain what one query attended to.
void update_lane(LaneState& lane, const MergedAttention& merged, LaneWorkspace& workspace);

// These parts of update_lane serve a prompt in one pass too.

/// The sketch and the audit's exact counters gain this mass as one batch.
void count_mass(LaneState& lane, int layer, const MassView& mass, LaneWorkspace& workspace);
/// Where the policy asks for it, each slot gains the perturbation of the output (H, D) that its
/// loss would have been.
void add_perturbation(const LaneState& lane, CacheTable& table, const LayerAttention& attention,
                      float decay, LaneWorkspace& workspace);

}  // namespace sketchscope
