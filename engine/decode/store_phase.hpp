#pragma once

#include <span>

#include "engine/decode/lane_state.hpp"
#include "engine/decode/lane_workspace.hpp"
#include "engine/model/input_row.hpp"

namespace sketchscope {

/// First phase of a layer's step: the incoming token comes into every table of the layer. What
/// place_token() and store_token() return is what the next phase asks for.

/// The token has its slot (CacheTable::newest_slot); its key and value are still to come.
struct Placement {
  int layer = 0;
};

/// Key and value are stored too.
struct StoredToken {
  int layer = 0;
};

/// Takes a free slot of each table or, where it is full, that of a victim chosen by the scores as
/// the previous step left them.
[[nodiscard]] Placement place_token(LaneState& lane, int layer, const InputRow& row,
                                    LaneWorkspace& workspace);

/// What the incoming token adds to the layer, for all heads: (K, D) each.
struct KeyValue {
  std::span<const float> key;
  std::span<const float> value;
};
StoredToken store_token(LaneState& lane, const Placement& placement, const KeyValue& incoming);

/// Tells the audit of a new slot's exact key and value, and the policy and the sketch of its key.
void note_entry(const LaneState& lane, CacheTable& table, const SlotTable::Entry& entry);

}  // namespace sketchscope
