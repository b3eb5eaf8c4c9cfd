#pragma once

#include <span>

#include "engine/cache/slot_statistics.hpp"
#include "engine/cache/slot_table.hpp"

namespace sketchscope::policy {

/// Writes to `perturbation` (S) how far one query's output would move if a slot alone were dropped:
/// a/(1−a)·‖o−v‖ (CAOTE, arXiv 2504.14051), summed over the heads of `mass` (H, S) and `output` (H,
/// D). A head with a = 1 adds 0. `value` (K, D) is workspace.
void output_perturbation(const cache::SlotTable& table, const cache::MassView& mass,
                         std::span<const float> output, std::span<float> value,
                         std::span<float> perturbation);

/// Returns the norms of a key or a value (K, D), summed over its heads.
float sum_of_norms(std::span<const float> vectors, int heads);

}  // namespace sketchscope::policy
