#pragma once

#include <optional>

#include "engine/decode/lane_state.hpp"

namespace sketchscope {

/// How many slots the tables of a lane may fill, and what moves that while it runs.

/// Where budgets adapt, a layer's need is learnt from a query's mass (H, S). `slot_mass` is work
/// space.
void note_need(LaneState& lane, int layer, const MassView& mass, std::vector<float>& slot_mass);
/// At the end of a pass: shares the slots out anew where budgets adapt and it is worth it.
void move_budgets(LaneState& lane);
/// The capacity that the knobs' target asks for after the last step, if it asks for another.
/// `logit_kl` is that step's, for the target logit-kl.
std::optional<CapacityTarget::Decision> capacity_for_target(LaneState& lane,
                                                            std::optional<double> logit_kl);

}  // namespace sketchscope
