#pragma once

#include <cstdint>
#include <string>

#include "engine/run/eviction_inquiry.hpp"
#include "engine/run/live_state.hpp"
#include "gui/view/data_table.hpp"
#include "gui/view/history.hpp"

namespace sketchscope::view {

/// Returns the cost of an eviction as computed so far; null if another eviction, or none, was
/// requested.
const run::EvictionInquiry* inquiry_of(const run::LiveState& state, EvictionPlace place,
                                       const record::EvictionRecord& eviction);

/// The cost of an eviction up to each of the steps after it, in nats, by the position that leaves
/// instead of the kept one (decode::SparedBy).
struct CostCurves {
  StepSeries steps;
  StepSeries next;   ///< the next candidate
  StepSeries extra;  ///< no other position
};
CostCurves cost_curves(const run::EvictionInquiry& inquiry);

/// Returns the cost of the eviction in words: "0.0132 nats in 87 tokens since".
std::string cost_words(const run::EvictionInquiry& inquiry, decode::SparedBy by);

/// Returns one row for each token that followed.
DataTable cost_data(const run::EvictionInquiry& inquiry);

}  // namespace sketchscope::view
