#pragma once

#include "engine/decode/lane_state.hpp"
#include "engine/decode/lane_workspace.hpp"

namespace sketchscope {

/// Records a victim of one table, and shows it to the table's summary and audit while it is still
/// stored. Its slot is the caller's to reuse.
void record_eviction(LaneState& lane, int layer, CacheTable& table, const Victim& victim,
                     EvictionReason reason, LaneWorkspace& workspace);

/// Brings the tables of a layer to their capacity in one selection each, and moves what stays to
/// fresh pages in order of position. The newest position is stored by then.
struct Surplus {
  Protection protection;
  EvictionReason reason = EvictionReason::capacity_lowered;
};
void evict_surplus(LaneState& lane, int layer, const Surplus& surplus, LaneWorkspace& workspace);
/// Evicts the surplus in all layers.
void evict_surplus(LaneState& lane, const Surplus& surplus);

}  // namespace sketchscope
